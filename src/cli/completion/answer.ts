import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { sanitizeText } from '../../terminal/sanitize.ts';
import { type Candidate, candidatesFor } from './candidates.ts';
import { valuesFrom } from './values.ts';

/** Answers a shell's Tab: a line on what follows a candidate, then a candidate a line. */
export async function answerShell(
  program: Command,
  context: Context,
  shell: string,
  typed: readonly string[],
): Promise<void> {
  const words = shell === 'bash' ? rejoin(typed) : typed;
  const word = words.at(-1) ?? '';
  const { candidates, files } = await candidatesFor(program, words, valuesFrom(program, context));
  const exact = candidates.filter(({ value }) => value.startsWith(word));
  const fitting = exact.length > 0 ? exact : candidates.filter(({ value }) => begins(value, word));
  // What is sure to go on, such as `--by=` or a list, gets no space behind it.
  const goesOn = fitting.length > 0 && fitting.every(({ open }) => open === true);
  const after = files ? 'files' : goesOn ? 'nospace' : 'space';
  const lines = fitting.map((candidate) => line(candidate, shell, word));
  context.stdout.write([after, ...lines, ''].join('\n'));
}

function begins(value: string, word: string): boolean {
  return value.toLowerCase().startsWith(word.toLowerCase());
}

function line({ value, about }: Candidate, shell: string, word: string): string {
  if (shell === 'bash') return quoteForBash(value.slice(cutOf(word)));
  return about === undefined ? value : `${value}\t${sanitizeText(about)}`;
}

/** bash cuts words at = and : and puts a candidate in the place of the last part alone. */
function cutOf(word: string): number {
  return Math.max(word.lastIndexOf('='), word.lastIndexOf(':')) + 1;
}

/** bash hands over `--by`, `=`, `created`, `:`, `d` for `--by=created:d`. */
export function rejoin(typed: readonly string[]): readonly string[] {
  const words: string[] = [];
  let glued = false;
  for (const part of typed) {
    const cutter = /^[=:]+$/.test(part);
    const joins = words.length > 0 && (glued || (cutter && words.at(-1) !== ''));
    if (joins) words.push(`${words.pop()}${part}`);
    else words.push(part);
    glued = cutter;
  }
  return words;
}

function quoteForBash(value: string): string {
  return value.replace(/[^\w@%+=:,./-]/g, '\\$&');
}
