import { type Cell, type Column, cellText, type Row } from '../../table.ts';
import type { Style } from '../../terminal/colors.ts';
import { localTimes } from '../../terminal/local-time.ts';
import { sanitizeText } from '../../terminal/sanitize.ts';
import { displayWidth } from '../../terminal/text-width.ts';
import type { FormatOptions } from '../format.ts';

/** A cell as people see it: sanitized, on one line. */
export interface ShownCell {
  readonly text: string;
  /** In columns of the terminal. */
  readonly width: number;
  readonly style?: Style | undefined;
}

export function headRow(columns: readonly Column[]): ShownCell[] {
  return columns.map(({ name }) => shown(heading(name), 'heading'));
}

/** How the rows of these columns are shown. */
export function rowShower(
  columns: readonly Column[],
  { now, timeZone }: Pick<FormatOptions, 'now' | 'timeZone'>,
): (row: Row) => ShownCell[] {
  const localTime = localTimes(now, timeZone);
  return ({ cells }) =>
    columns.map(({ kind, tone }, i) => {
      const cell = cells[i] ?? null;
      const text = kind === 'time' ? localTime(cellText(cell)) : displayText(cell);
      return shown(withBase(sanitizeText(text).trim()), tone?.(cell));
    });
}

function shown(text: string, style: Style | undefined): ShownCell {
  return { text, width: displayWidth(text), style };
}

/** Our own names in capitals, as gh does; attr.KEY and paths are spelled as the service does. */
function heading(name: string): string {
  return /^[a-z_]+$/.test(name)
    ? name.toUpperCase().replaceAll('_', ' ')
    : sanitizeText(name).trim();
}

function displayText(cell: Cell): string {
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return cellText(cell);
}

/** A mark or skin tone without a character before it would be drawn over the gap between columns. */
function withBase(text: string): string {
  return text.replace(/^[\p{M}\p{Emoji_Modifier}\u200c\u200d]+/u, '').trimStart();
}
