import { type Cell, type Column, cellText, type Section } from '../table.ts';
import type { Capabilities } from '../terminal/capabilities.ts';
import { openColors } from '../terminal/colors.ts';
import { fullLocalTimes } from '../terminal/local-time.ts';
import { sanitizeText } from '../terminal/sanitize.ts';
import { displayWidth, pad, wrap } from '../terminal/text-width.ts';

export interface CardOptions {
  readonly terminal: Capabilities;
  /** IANA zone for times shown to people. */
  readonly timeZone: () => string;
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
  { terminal, timeZone, forPeople }: CardOptions,
): Promise<string> {
  const colorize = await openColors(terminal.color);
  const time = forPeople ? fullLocalTimes(timeZone) : (text: string) => text;
  const labels = sections.flatMap(({ fields }) => fields.map(({ column }) => labelOf(column)));
  const widest = Math.max(0, ...labels.map(displayWidth).filter((width) => width <= widestLabel));
  const start = indent.length + widest + gap;
  const room = Math.max(narrowestValue, terminal.width - start);

  const drawField = (column: Column, cell: Cell): string => {
    const text = cell === null ? (terminal.unicode ? '—' : '-') : textOf(column, cell, time);
    const tone = cell === null ? 'quiet' : column.tone?.(cell);
    const values = linesOf(text, room).map((line) => colorize(line, tone));
    const label = labelOf(column);
    const rest = values.map((line) => `${' '.repeat(start)}${line}`.trimEnd());
    if (displayWidth(label) <= widest) {
      const first = indent + colorize(pad(label, widest + gap), 'quiet') + (values[0] ?? '');
      return [first.trimEnd(), ...rest.slice(1)].join('\n');
    }
    // A label too long for its column has lines of its own.
    const own = wrap(label, Math.max(narrowestValue, terminal.width - indent.length));
    return [...own.map((line) => indent + colorize(line, 'quiet')), ...rest].join('\n');
  };

  return sections
    .map(({ title, fields }) => {
      const head = title === '' ? '' : `${colorize(sanitizeText(title), 'heading')}\n`;
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
  return lines.flatMap((line) => wrap(sanitizeText(line), width));
}
