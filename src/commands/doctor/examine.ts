import type { Command } from 'commander';
import { ExplainedError, exitCodes } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { checkDatabase } from './database.ts';
import type { Finding } from './finding.ts';
import {
  checkCertificates,
  checkFolder,
  checkNode,
  checkProxy,
  checkTerminal,
  checkTimeZone,
} from './machine.ts';
import { checkService, type Reach } from './network.ts';
import { checkBotToken, checkHost, checkProfile, checkSettings, checkToken } from './settings.ts';
import { findingText } from './text.ts';

/** Makes every check in turn and shows what it found. Throws the first failure's exit code. */
export async function examine(
  format: 'text' | 'json',
  bot: Reach['bot'],
  session: Session,
  program: Command,
): Promise<void> {
  const { stdout } = session.context;
  const findings: Finding[] = [];
  for await (const finding of checks(bot, session, program)) {
    session.spinner.end();
    findings.push(finding);
    if (format === 'text') stdout.write(await findingText(finding, session));
  }
  if (format === 'json') stdout.write(jsonOf(findings));
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
  bot: Reach['bot'],
  session: Session,
  program: Command,
): AsyncGenerator<Finding> {
  const { env } = session.context;
  yield checkNode();
  yield* await checkSettings(session, program);
  yield checkProfile(session);
  const [host, url] = checkHost(session);
  const [token, secret] = await checkToken(session);
  yield token;
  const [botFindings, botSecret] = await checkBotToken(session);
  yield* botFindings;
  yield host;
  yield checkProxy(url, env);
  yield checkCertificates(env);
  session.spinner.show(() => `asking ${url?.host ?? 'the sandbox'} …`);
  yield* checkService({ session, url, token: secret, botToken: botSecret, bot });
  yield checkFolder();
  yield await checkDatabase(session);
  yield checkTimeZone(session);
  yield checkTerminal(session);
}

function jsonOf(findings: readonly Finding[]): string {
  const items = findings.map(({ check, state, found, hint = null }) => {
    return { check, state, found, hint };
  });
  return `${JSON.stringify(items, null, 2)}\n`;
}
