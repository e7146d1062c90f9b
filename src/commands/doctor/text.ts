import type { Session } from '../../session.ts';
import { colorLevel, showsUnicode } from '../../terminal/capabilities.ts';
import { openColors, type Style } from '../../terminal/colors.ts';
import { sanitizeText } from '../../terminal/sanitize.ts';
import { wrap } from '../../terminal/text-width.ts';
import type { Finding, State } from './finding.ts';

const marks: { readonly [state in State]: readonly [unicode: string, ascii: string] } = {
  ok: ['✓', 'ok'],
  warning: ['!', '!'],
  failed: ['✗', 'x'],
  skipped: ['–', '-'],
};
const nameWidth = 'certificates'.length;

/** A finding for people; off a terminal its state is spelled out. */
export async function findingText(
  { check, state, found, hint }: Finding,
  { context: { stdout, env }, options }: Session,
): Promise<string> {
  const colorize = await openColors(colorLevel(stdout, env, options.color));
  const styles = { ok: 'good', warning: 'busy', failed: 'error', skipped: 'quiet' } as const;
  const forPeople = stdout.isTTY === true;
  const [unicode, ascii] = marks[state];
  const mark = forPeople ? (showsUnicode(env) ? unicode : ascii).padEnd(2) : state.padEnd(7);
  const indent = mark.length + nameWidth + 2;
  const width = forPeople
    ? Math.max(30, (stdout.columns ?? 80) - indent)
    : Number.POSITIVE_INFINITY;
  const linesOf = (text: string, style?: Style) =>
    wrap(sanitizeText(text), width, 'keep').map((line) => colorize(line, style));
  const lines = [
    ...linesOf(found, state === 'skipped' ? 'quiet' : undefined),
    ...(hint === undefined ? [] : linesOf(hint, 'accent')),
  ];
  const head = `${colorize(mark, styles[state])} ${check.padEnd(nameWidth)} `;
  return lines.map((line, at) => `${at === 0 ? head : ' '.repeat(indent)}${line}\n`).join('');
}
