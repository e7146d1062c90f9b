import { type Cell, type Column, cellText, type Row, type Tone } from '../../table.ts';
import { localTimes } from '../../terminal/local-time.ts';
import { sanitizeText } from '../../terminal/sanitize.ts';
import type { Look } from '../format.ts';

/** A cell as people see it: clean, on one line. */
export interface Shown {
  readonly text: string;
  readonly tone?: Tone | 'head' | undefined;
}

export function headRow(columns: readonly Column[]): Shown[] {
  return columns.map(({ name }) => ({ text: heading(name), tone: 'head' }));
}

export function rowShower(columns: readonly Column[], look: Look): (row: Row) => Shown[] {
  const localTime = localTimes(look.now, look.timeZone);
  return ({ cells }) =>
    columns.map(({ kind, tone }, i) => {
      const cell = cells[i] ?? null;
      const text = kind === 'time' ? localTime(cellText(cell)) : plainText(cell);
      return { text: sanitizeText(text).trim(), tone: tone?.(cell) };
    });
}

/** Our own names in capitals, as gh does; attr.KEY and paths are spelled as the service does. */
function heading(name: string): string {
  return /^[a-z_]+$/.test(name)
    ? name.toUpperCase().replaceAll('_', ' ')
    : sanitizeText(name).trim();
}

function plainText(cell: Cell): string {
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return cellText(cell);
}
