import type { ColumnKind } from '../../table.ts';

export const gap = 2;

// Below 8 a column says little, below 3 nothing.
const readable = 8;
const least = 3;

// Half an id or a phone number is of no use to anyone.
const shortenedLast: ReadonlySet<ColumnKind> = new Set(['id', 'phone', 'time']);

export interface Wish {
  readonly kind: ColumnKind;
  readonly width: number;
}

/** Widths that fit the room, for as many of the columns as can be shown, from the left. */
export function shareRoom(wishes: readonly Wish[], room: number): number[] {
  const shown = wishes.slice(0, countThatFit(wishes, room));
  const widths = shown.map(({ width }) => Math.min(width, room));
  let excess = widths.reduce((sum, width) => sum + width + gap, -gap) - room;

  const shorten = (floor: number, may: (wish: Wish) => boolean) => {
    while (excess > 0) {
      let widest = -1;
      shown.forEach((wish, i) => {
        const width = widths[i] ?? 0;
        if (may(wish) && width > floor && width > (widths[widest] ?? 0)) widest = i;
      });
      const width = widths[widest];
      if (width === undefined) return;
      widths[widest] = width - 1;
      excess -= 1;
    }
  };
  shorten(readable, ({ kind }) => !shortenedLast.has(kind));
  shorten(readable, () => true);
  shorten(least, () => true);
  return widths;
}

/** At least one: a table without columns helps nobody. */
function countThatFit(wishes: readonly Wish[], room: number): number {
  let used = -gap;
  const tooMany = wishes.findIndex(({ width }) => {
    used += Math.min(width, least) + gap;
    return used > room;
  });
  return tooMany === -1 ? wishes.length : Math.max(tooMany, 1);
}
