import { displayWidth, pad, wrap } from '../../terminal/text-width.ts';

/** The width of everything that is not made for a terminal of another one. */
export const usualWidth = 80;

/** Longer lines are hard to follow. */
const widest = 120;

/** How wide help is on a terminal of so many columns, if it is one. */
export function helpWidth(columns: number | undefined): number {
  return Math.min(columns || usualWidth, widest);
}

const most = 30;

/** A second column that is narrower is hard to read. */
const leastBeside = 22;

/**
 * Two columns; a long second one goes on below itself, and a long first one stands alone, as all do
 * where the terminal has no room for two.
 */
export function rows(
  items: readonly (readonly [string, string])[],
  width = usualWidth,
  left = leftWidth(items.map(([first]) => first)),
): string {
  const beside = left + 4 + leastBeside < width;
  const indent = beside ? left + 4 : 6;
  return items
    .map(([first, second]) => {
      const head =
        !beside || displayWidth(first) > left
          ? `  ${first}\n${' '.repeat(indent)}`
          : `  ${pad(first, left)}  `;
      return `${head}${folded(second, indent, { width })}`.trimEnd();
    })
    .join('\n');
}

/** How wide a first column has to be. */
export function leftWidth(terms: readonly string[]): number {
  return Math.max(0, ...terms.map(displayWidth).filter((width) => width <= most));
}

interface Fold {
  /** Where the first line begins, if elsewhere. */
  readonly first?: number;
  readonly width?: number;
}

/** Breaks at spaces so that lines which begin at `indent` end before the last column. */
export function folded(
  text: string,
  indent: number,
  { first = indent, width = usualWidth }: Fold = {},
): string {
  const room = (taken: number) => Math.max(20, width - 1 - taken);
  return wrap(text, room(indent), 'keep', room(first)).join(`\n${' '.repeat(indent)}`);
}

/** A paragraph is filled, lines that are laid out stay as they are. */
export function paragraph(text: string, width: number): string {
  if (/^ {2}/m.test(text)) return text;
  return folded(text.replaceAll('\n', ' '), 0, { width });
}
