import type { GlobalOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { ExplainedError, exitCodes } from '../../errors.ts';
import { readSettings, type Settings } from '../../state/settings.ts';
import { Log } from '../../terminal/log.ts';
import type { Finding } from './finding.ts';
import { checkCertificates, checkFolder, checkNode, checkProxy, checkTerminal } from './machine.ts';
import { checkService } from './network.ts';
import { checkHost, checkProfile, checkSettings, checkToken, type Identity } from './store.ts';
import { findingText } from './text.ts';

export interface DoctorOptions extends GlobalOptions {
  readonly format: 'text' | 'json';
}

/** Makes every check in turn and shows what it found. Throws the first failure's exit code. */
export async function examine(
  options: DoctorOptions,
  context: Context,
  wrongIn: (settings: Settings) => Promise<readonly ExplainedError[]>,
): Promise<void> {
  const log = new Log(context, options);
  const findings: Finding[] = [];
  for await (const finding of checks(options, context, log, wrongIn)) {
    log.hush();
    findings.push(finding);
    if (options.format === 'text') context.stdout.write(findingText(finding, options, context));
  }
  if (options.format === 'json') context.stdout.write(jsonOf(findings));
  const broken = findings.filter(({ state }) => state === 'failed');
  const [first] = broken;
  if (first === undefined) return;
  throw new ExplainedError({
    exit: first.exit ?? exitCodes.local,
    code: 'doctor',
    message: `failed: ${broken.map(({ check }) => check).join(', ')}`,
    hint: 'what to do about it stands beside each check',
  });
}

async function* checks(
  options: DoctorOptions,
  context: Context,
  log: Log,
  wrongIn: (settings: Settings) => Promise<readonly ExplainedError[]>,
): AsyncGenerator<Finding> {
  const { env } = context;
  yield checkNode();
  yield* await checkSettings(env, wrongIn);
  const settings = readable(context);
  const identity: Identity = { options, context, settings };
  yield checkProfile(identity);
  const [host, url] = checkHost(identity);
  const [token, secret] = checkToken(identity);
  yield token;
  yield host;
  yield await checkProxy(url, env);
  yield checkCertificates(env);
  log.progress(() => `asking ${url?.host ?? 'the sandbox'} …`);
  yield* checkService({ ...identity, url, token: secret });
  yield checkFolder();
  yield checkTerminal(options, context);
}

/** The settings, or none where they can't be read: an earlier finding tells of that. */
function readable({ env }: Context): Settings {
  try {
    return readSettings(env);
  } catch {
    return {};
  }
}

function jsonOf(findings: readonly Finding[]): string {
  const items = findings.map(({ check, state, found, hint = null }) => {
    return { check, state, found, hint };
  });
  return `${JSON.stringify(items, null, 2)}\n`;
}
