import { type Cell, type Column, cellText, type Section } from '../table.ts';
import { openPaint } from '../terminal/colors.ts';
import { fullLocalTimes } from '../terminal/local-time.ts';
import { sanitizeText } from '../terminal/sanitize.ts';
import { displayWidth, pad, truncate } from '../terminal/text-width.ts';
import type { Look } from './format.ts';

export interface CardOptions {
  readonly look: Look;
  /** Local times for people, else RFC 3339 as in any other format. */
  readonly forPeople: boolean;
}

const indent = '  ';
const gap = 2;
const widestLabel = 24;
const narrowestValue = 16;

/** One record as labels and values, wrapped to the width, so that nothing of it is cut off. */
export async function drawCard(
  sections: readonly Section[],
  { look, forPeople }: CardOptions,
): Promise<string> {
  const paint = await openPaint(look.color);
  const time = forPeople ? fullLocalTimes(look.timeZone) : (text: string) => text;
  const labels = sections.flatMap(({ fields }) => fields.map(({ column }) => labelOf(column)));
  const widest = Math.max(0, ...labels.map(displayWidth).filter((width) => width <= widestLabel));
  const start = indent.length + widest + gap;
  const room = Math.max(narrowestValue, look.width - start);

  const drawField = (column: Column, cell: Cell): string => {
    const text = cell === null ? (look.unicode ? '—' : '-') : textOf(column, cell, time);
    const tone = cell === null ? 'quiet' : column.tone?.(cell);
    const values = linesOf(text, room).map((line) => paint(line, tone));
    const label = labelOf(column);
    const rest = values.map((line) => `${' '.repeat(start)}${line}`.trimEnd());
    if (displayWidth(label) <= widest) {
      const first = indent + paint(pad(label, widest + gap), 'quiet') + (values[0] ?? '');
      return [first.trimEnd(), ...rest.slice(1)].join('\n');
    }
    // A label too long for its column has lines of its own.
    const own = wrapWhole(label, Math.max(narrowestValue, look.width - indent.length));
    return [...own.map((line) => indent + paint(line, 'quiet')), ...rest].join('\n');
  };

  return sections
    .map(({ title, fields }) => {
      const head = title === '' ? '' : `${paint(sanitizeText(title), 'head')}\n`;
      return head + fields.map(({ column, cell }) => `${drawField(column, cell)}\n`).join('');
    })
    .join('\n');
}

function labelOf({ name }: Column): string {
  return sanitizeText(name).trim();
}

function textOf({ kind }: Column, cell: Cell, time: (text: string) => string): string {
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return kind === 'time' ? time(cellText(cell)) : cellText(cell);
}

function linesOf(text: string, width: number): string[] {
  const lines = text.trim().split(/\r\n|[\n\r\v\f\x85\u2028\u2029]/);
  return lines.flatMap((line) => wrapWhole(sanitizeText(line), width));
}

/** Words on as many lines as they need; a word wider than a line goes on in the next. */
function wrapWhole(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    let rest = lines.length === 1 && lines[0] === '' ? word : ` ${word}`;
    if (displayWidth(`${lines.at(-1)}${rest}`) > width && lines.at(-1) !== '') {
      lines.push('');
      rest = word;
    }
    while (displayWidth(rest) > width) {
      const head = truncate(rest, width, '') || rest;
      lines[lines.length - 1] = head;
      rest = rest.slice(head.length);
      lines.push('');
    }
    lines[lines.length - 1] += rest;
  }
  return lines;
}
