import { commandFlag } from './command-flag.ts';
import { switchFlag, valueFlag } from './flag.ts';
import { requestFlags } from './request-flags.ts';
import { duration } from './values.ts';

const group = 'Watch';

/** The flags of a command that waits for new records, its filters aside. */
export const watchFlags = {
  every: valueFlag<number>('--every <time>', 'look this often; 60s unless given, 10s at least', {
    group,
    parse: duration(10_000),
  }),
  job: valueFlag('--job <name>', 'go on where it stopped the last time', { group }),
  once: switchFlag('--once', 'look once, and end', { group }),
  for: valueFlag<number>('--for <time>', 'end after so long, such as 12h', {
    group,
    parse: duration(1000),
  }),
  execTimeout: valueFlag<number>('--exec-timeout <time>', 'end a command then; 60s unless given', {
    group: 'Command',
    parse: duration(1000),
  }),
  ...commandFlag,
  ...requestFlags,
};

export const watchNotes = `One JSON record a line, a line for people on a terminal, oldest first: who was
created since the last look, also who turns up as much as an hour late. What is
there at the start is not shown; with --job, only on its first run. The command
of --exec has the record on its standard input, runs without a shell, one at a
time, and is tried five times; then the watch ends with exit 7. It sees none of
the secrets in the environment. Ctrl-C ends a watch, and so does a reader that
has gone away (| head -1), which is noticed when there is a line to write.`;
