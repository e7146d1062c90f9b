import { globalFlags } from '../global-flags.ts';
import { rows } from './rows.ts';
import { flagsToTell } from './tree.ts';

const told = flagsToTell(
  Object.values(globalFlags)
    .flatMap(({ options }) => options)
    .filter(({ hidden }) => !hidden),
);

/** What every command knows. */
export const flagsText = (width: number) => `Flags of every command

${rows(
  [
    ...told.map(({ term, about }) => [term, about] as const),
    ['-h, --help', 'how to use the command'],
    ['-V, --version', 'the version of reekolect'],
  ],
  width,
)}

They may stand anywhere in the line. reekolect config set KEY VALUE stores a
default for one of them under its long name, and reekolect config list shows
what is in force and why.

  reekolect contacts count --profile work --quiet
  reekolect config set timeout 60
  reekolect contacts export -o all.csv --rate 2 --errors json`;
