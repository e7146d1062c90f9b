import { valueFlag } from './flag.ts';

const name = '--exec';
/** No word of a command line can hold it. */
const between = '\0';

/** A command of the user's: all that follows the flag, its own flags included. */
export const commandFlag = {
  exec: valueFlag<readonly string[]>(`${name} <cmd...>`, 'run this for each; comes last', {
    group: 'Command',
    parse: (text) => text.split(between),
  }),
};

/** The words with all that follows --exec as one, so that nothing in it is taken for a flag. */
export function withCommandCut(words: readonly string[]): readonly string[] {
  const at = words.includes('watch') ? words.indexOf(name) : -1;
  if (at < 0 || at === words.length - 1) return words;
  return [...words.slice(0, at + 1), words.slice(at + 1).join(between)];
}
