import { once } from 'node:events';
import { type OptionsOf, valueFlag } from '../cli/flag.ts';
import { wholeNumber } from '../cli/values.ts';
import { verb } from '../cli/verb.ts';
import type { Session } from '../session.ts';

const flags = {
  port: valueFlag('--port <n>', 'listen here (default: any free port)', {
    parse: wholeNumber(0, 65_535),
  }),
  contacts: valueFlag('--contacts <n>', 'how many people', {
    parse: wholeNumber(0),
    otherwise: 240,
  }),
  pageSize: valueFlag('--page-size <n>', 'contacts on a page', {
    parse: wholeNumber(1),
    otherwise: 50,
  }),
  latency: valueFlag('--latency <ms>', 'answer this much later', {
    parse: wholeNumber(0),
    otherwise: 0,
  }),
  seed: valueFlag('--seed <n>', 'other people', { parse: wholeNumber(0), otherwise: 1 }),
  fault: valueFlag<readonly string[]>(
    '--fault <kind>',
    'misbehave, e.g. 429@3, cut@last, hang@2x1, rate=5, inserts=10',
    { parse: (text, before = []) => [...before, text] },
  ),
};

export const sandbox = verb({
  name: 'sandbox',
  summary: 'run the stand-in of the service, to try things out',
  flags,
  examples: [
    'reekolect sandbox',
    'reekolect sandbox --port 8080 --contacts 5000 --latency 200',
    'reekolect sandbox --fault 429@3 --fault inserts=10',
  ],
  run,
});

/** Serves until it is interrupted. */
async function run(options: OptionsOf<typeof flags>, { context, log }: Session): Promise<void> {
  const { contacts, pageSize, latency, seed, port = 0, fault = [] } = options;
  const [{ startSandbox }, { parseFault }, { bots, customerId }] = await Promise.all([
    import('../sandbox/sandbox.ts'),
    import('../sandbox/faults.ts'),
    import('../sandbox/account.ts'),
  ]);
  const faults = fault.map(parseFault);
  const running = await startSandbox({
    port,
    contacts,
    pageSize,
    latencyMs: latency,
    seed,
    faults,
  });
  const lines = [
    `url    ${running.url}`,
    `token  ${running.token}`,
    `bot    ${running.botToken}, the bot token; reekolect leads … --widget ${bots.website[0]?._id},${customerId}`,
    '',
    'paste into another terminal:',
    `  export REEKOLECT_API_URL=${running.url} REEKOLECT_TOKEN=${running.token} REEKOLECT_BOT_TOKEN=${running.botToken}`,
    '',
  ];
  context.stdout.write(lines.join('\n'));
  log.status(`${contacts} contacts, ${pageSize} a page; Ctrl-C ends it`);
  try {
    if (!context.signal.aborted) await once(context.signal, 'abort');
    throw context.signal.reason;
  } finally {
    await running.close();
  }
}
