import type { Cell } from '../../table.ts';

const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** The time that a `time` cell holds, in ms; undefined when it is text that could not be read. */
export function epochMs(cell: Cell): number | undefined {
  if (typeof cell !== 'string' || !utc.test(cell)) return undefined;
  const ms = Date.parse(cell);
  return Number.isNaN(ms) ? undefined : ms;
}
