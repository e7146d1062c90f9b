import { Chalk } from 'chalk';
import Grid from 'cli-table3';
import type { Column } from '../../table.ts';
import { displayWidth, truncate } from '../../terminal/text-width.ts';
import type { Look } from '../format.ts';
import type { Shown } from './table-cells.ts';
import { gap } from './table-widths.ts';

const blank = '\ue000';
const blanks = /\ue000+/g;

// No lines: columns are held apart by space alone, and can be copied without debris.
const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(gap),
};

/**
 * Rows as lines of text, in columns of the given widths. cli-table3 measures text by rules that
 * know few scripts and no emoji families, and takes 0.4 ms a row: so it lays out one line of
 * blanks, and every row is poured into that.
 */
export function rowDrawer(
  columns: readonly Column[],
  widths: readonly number[],
  look: Look,
): (row: readonly Shown[]) => string {
  const grid = new Grid({
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  grid.push(widths.map((width) => blank.repeat(width)));
  const line = grid.toString();
  const paint = painter(look);

  const cell = ({ text, tone }: Shown, width: number, kind: Column['kind'] | undefined) => {
    const short = truncate(text, width, ellipsisOf(look));
    const spaces = ' '.repeat(width - displayWidth(short));
    return kind === 'number' ? spaces + paint(short, tone) : paint(short, tone) + spaces;
  };

  return (row) => {
    const cells = widths.map((width, i) => cell(row[i] ?? { text: '' }, width, columns[i]?.kind));
    let next = 0;
    return `${line.replace(blanks, () => cells[next++] ?? '').trimEnd()}\n`;
  };
}

export function ellipsisOf(look: Look): string {
  return look.unicode ? '…' : '...';
}

export function painter({ color }: Look): (text: string, tone: Shown['tone']) => string {
  const chalk = new Chalk({ level: color });
  const paints = { head: chalk.bold, good: chalk.green, busy: chalk.yellow, quiet: chalk.dim };
  return (text, tone) => (tone && text ? paints[tone](text) : text);
}
