import { Chalk } from 'chalk';
import type { Context } from '../../context.ts';
import { colorLevel, showsUnicode } from '../../terminal/capabilities.ts';
import { sanitizeText } from '../../terminal/sanitize.ts';
import type { Finding, State } from './finding.ts';

const marks: { readonly [state in State]: readonly [unicode: string, ascii: string] } = {
  ok: ['✓', 'ok'],
  warning: ['!', '!'],
  failed: ['✗', 'x'],
  skipped: ['–', '-'],
};
const nameWidth = 'certificates'.length;

/** A finding for people; off a terminal its state is spelled out. */
export function findingText(
  { check, state, found, hint }: Finding,
  { color }: { readonly color: boolean },
  { stdout, env }: Context,
): string {
  const chalk = new Chalk({ level: colorLevel(stdout, env, color) });
  const tint = { ok: chalk.green, warning: chalk.yellow, failed: chalk.red, skipped: chalk.dim };
  const watched = stdout.isTTY === true;
  const [unicode, ascii] = marks[state];
  const mark = watched ? (showsUnicode(env) ? unicode : ascii).padEnd(2) : state.padEnd(7);
  const indent = mark.length + nameWidth + 2;
  const width = watched ? Math.max(30, (stdout.columns ?? 80) - indent) : Number.POSITIVE_INFINITY;
  const lines = [
    ...fold(sanitizeText(found), width).map((line) =>
      state === 'skipped' ? chalk.dim(line) : line,
    ),
    ...(hint === undefined ? [] : fold(sanitizeText(hint), width).map((line) => chalk.cyan(line))),
  ];
  const head = `${tint[state](mark)} ${check.padEnd(nameWidth)} `;
  return lines.map((line, at) => `${at === 0 ? head : ' '.repeat(indent)}${line}\n`).join('');
}

/** Breaks at spaces only: what is to be copied stays whole. */
function fold(text: string, width: number): readonly string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (longer.length <= width || lines.at(-1) === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
