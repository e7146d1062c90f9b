import { type Cell, type Column, type ColumnKind, cellText } from '../../table.ts';
import { normalizeText } from './control-characters.ts';
import { epochMs } from './epoch-ms.ts';
import { cellStyle, declaration, escapeXml, letters, main, office } from './xlsx-parts.ts';

/** Widths in characters; what is longer can be read by widening the column. */
const widths: Readonly<Record<ColumnKind, number>> = {
  id: 26,
  phone: 17,
  time: 17,
  boolean: 10,
  number: 10,
  text: 24,
  list: 24,
  json: 32,
};

export function sheetHead(columns: readonly Column[], header: boolean, isFirst: boolean): string {
  const view = isFirst ? 'tabSelected="1" workbookViewId="0"' : 'workbookViewId="0"';
  const frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  const cols = columns.map(({ name, kind }, i) => {
    // Room for the button of the filter.
    const width = Math.max(widths[kind], Math.min(name.length + 4, 40));
    const style = styleOf(kind);
    return `<col min="${i + 1}" max="${i + 1}" width="${width}" style="${style}" customWidth="1"/>`;
  });
  const names = columns.map(
    ({ name }, i) => `<c r="${letters(i)}1" s="${cellStyle.head}"${inlineText(fitting(name))}`,
  );
  return `${declaration}<worksheet xmlns="${main}" xmlns:r="${office}">\
<sheetViews><sheetView ${view}>${header ? frozen : ''}</sheetView></sheetViews>\
<cols>${cols.join('')}</cols><sheetData>${header ? `<row r="1">${names.join('')}</row>` : ''}`;
}

/** `notes`: the header has some. */
export function sheetTail(
  columns: readonly Column[],
  { header, rows, notes }: { header: boolean; rows: number; notes: boolean },
): string {
  const all = `A1:${letters(columns.length - 1)}${Math.max(rows, 1)}`;
  const filter = header ? `<autoFilter ref="${all}"/>` : '';
  // Without this, Excel marks every phone and id: "number stored as text".
  const ignored = `<ignoredErrors><ignoredError sqref="${all}" numberStoredAsText="1"/></ignoredErrors>`;
  const drawing = notes ? '<legacyDrawing r:id="rId1"/>' : '';
  return `</sheetData>${filter}${ignored}${drawing}</worksheet>`;
}

export interface RowOptions {
  /** What clocks show at an instant, in ms. */
  readonly clock: (ms: number) => number;
  /** Told of a cell whose text was cut. */
  readonly onCut: () => void;
}

export function rowWriter(
  columns: readonly Column[],
  options: RowOptions,
): (cells: readonly Cell[], row: number) => string {
  const places = columns.map(({ kind }, i) => ({ kind, start: `<c r="${letters(i)}` }));
  return (cells, row) => {
    let xml = `<row r="${row}">`;
    places.forEach(({ kind, start }, i) => {
      const content = cellContent(cells[i] ?? null, kind, options);
      if (content !== '') xml += `${start}${row}"${content}`;
    });
    return `${xml}</row>`;
  };
}

/** The rest of a `<c` element; '' for a cell without a value. */
function cellContent(cell: Cell, kind: ColumnKind, { clock, onCut }: RowOptions): string {
  if (cell === null) return '';
  if (kind === 'time') {
    const day = dayOf(cell, clock);
    if (day !== undefined) return ` s="${cellStyle.time}"><v>${day}</v></c>`;
  }
  if (typeof cell === 'boolean') return ` t="b"><v>${Number(cell)}</v></c>`;
  const isNumber = typeof cell === 'number' && Number.isFinite(cell);
  if (isNumber && (kind === 'number' || kind === 'json')) return `><v>${cell}</v></c>`;
  const text = cellText(cell);
  if (text === '') return '';
  const style = styleOf(kind) === cellStyle.text ? ` s="${cellStyle.text}"` : '';
  const fits = fitting(text);
  if (fits !== text) onCut();
  return `${style}${inlineText(fits)}`;
}

const textKinds: ReadonlySet<ColumnKind> = new Set(['phone', 'id', 'list']);

function styleOf(kind: ColumnKind): number {
  if (kind === 'time') return cellStyle.time;
  // Stays text when a person edits the cell.
  return textKinds.has(kind) ? cellStyle.text : cellStyle.plain;
}

const daySeconds = 86_400;
const firstDay = Date.UTC(1900, 2, 1);
const lastDay = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Days since Excel's day 0; before March 1900 it counts wrongly, so that those stay text. In whole
 * seconds: LibreOffice rounds 23:59:59.9 up to the next day.
 */
function dayOf(cell: Cell, clock: RowOptions['clock']): number | undefined {
  const instant = epochMs(cell);
  if (instant === undefined) return undefined;
  const ms = clock(instant);
  return ms < firstDay || ms > lastDay ? undefined : Math.floor(ms / 1000) / daySeconds + 25_569;
}

/** In UTF-16 units, as Excel counts. */
export const longestText = 32_767;

function fitting(text: string): string {
  if (text.length <= longestText) return text;
  return `${text.slice(0, longestText - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Text in the cell itself: a table of shared strings would have to be held in memory. */
function inlineText(text: string): string {
  const xml = normalizeText(text)
    // Excel reads _x0041_ as a character by number.
    .replace(/_(?=x[\da-f]{4}_)/gi, '_x005F_');
  return ` t="inlineStr"><is><t xml:space="preserve">${escapeXml(xml)}</t></is></c>`;
}
