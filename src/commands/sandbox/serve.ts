import { once } from 'node:events';
import type { GlobalOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { parseFault } from '../../sandbox/faults.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { Log } from '../../terminal/log.ts';

export interface ServeOptions extends GlobalOptions {
  readonly port?: number;
  readonly contacts: number;
  readonly pageSize: number;
  readonly latency: number;
  readonly seed: number;
  readonly fault?: readonly string[];
}

/** Serves until it is interrupted. */
export async function run(options: ServeOptions, context: Context): Promise<void> {
  const { contacts, pageSize, latency, seed, port = 0 } = options;
  const faults = options.fault?.map(parseFault) ?? [];
  const sandbox = await startSandbox({
    port,
    contacts,
    pageSize,
    latencyMs: latency,
    seed,
    faults,
  });
  const lines = [
    `url    ${sandbox.url}`,
    `token  ${sandbox.token}`,
    '',
    'paste into another terminal:',
    `  export REEKOLECT_API_URL=${sandbox.url} REEKOLECT_TOKEN=${sandbox.token}`,
    '',
  ];
  context.stdout.write(lines.join('\n'));
  new Log(context, options).status(`${contacts} contacts, ${pageSize} a page; Ctrl-C ends it`);
  try {
    if (!context.signal.aborted) await once(context.signal, 'abort');
    throw context.signal.reason;
  } finally {
    await sandbox.close();
  }
}
