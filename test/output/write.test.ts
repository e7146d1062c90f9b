import { expect, test } from 'vitest';
import { chunksOf, type OutputPlan, writeChunks } from '../../src/output/write.ts';
import type { Spinner } from '../../src/terminal/spinner.ts';
import { options, rowOf, tableOf, textColumns } from '../support/small-table.ts';

/** What is done to the progress, and what is written, in order. */
async function eventsOf(plan: Pick<OutputPlan, 'file' | 'onTerminal'>) {
  const events: string[] = [];
  const table = tableOf(textColumns('name'), [[rowOf('a')], [rowOf('b')]]);
  const spinner = { end: () => events.push('end'), clear: () => events.push('clear') };
  const whole = { format: 'tsv', gzip: false, options, jq: undefined, ...plan } as OutputPlan;
  const chunks = await chunksOf(table, whole, spinner as unknown as Spinner);
  await writeChunks(chunks, whole, { write: async () => void events.push('write') });
  return events;
}

test.each([
  ['a terminal has no progress beside it', { file: undefined, onTerminal: true }, 'end'],
  ['a pipe finds a clean line', { file: undefined, onTerminal: false }, 'clear'],
  ['a file leaves the progress alone', { file: 'a.tsv', onTerminal: false }, 'write'],
])('%s', async (_what, plan, first) => {
  const events = await eventsOf(plan);
  expect(events.indexOf('write')).toBeGreaterThanOrEqual(0);
  expect(events[0]).toBe(first);
  const before = events.flatMap((event, at) => (event === 'write' ? [events[at - 1]] : []));
  if (first !== 'write') expect(new Set(before)).toEqual(new Set([first]));
});
