import type { Command } from 'commander';

/**
 * The words with each value that begins like a short flag of the program joined to its flag:
 * `--tag -vip` would be taken for -v and the tag -ip, since the program's own flags go first.
 */
export function withDashedValues(words: readonly string[], program: Command): readonly string[] {
  const shorts = program.options.map(({ short }) => short?.slice(1) ?? '').join('');
  const dashed = new RegExp(`^-[${shorts}](?![${shorts}]*$)`);
  const end = words.indexOf('--');
  const joined: string[] = [];
  for (const [at, word] of words.entries()) {
    const before = words[at - 1] ?? '';
    const isValue = /^-(?:-[^=]+|[^-])$/.test(before) && (end < 0 || at < end);
    if (!isValue || !dashed.test(word)) joined.push(word);
    else joined.splice(-1, 1, `${before}${before.startsWith('--') ? '=' : ''}${word}`);
  }
  return joined;
}
