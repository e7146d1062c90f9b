import type { ColumnKind } from '../../table.ts';

export const gap = 2;

// Half an id or a phone number is of no use to anyone; ids have 24 digits.
const keptWhole: ReadonlySet<ColumnKind> = new Set(['id', 'phone', 'time']);

/** A column that has to be narrower than this says too little to be shown. */
function leastOf(kind: ColumnKind): number {
  return keptWhole.has(kind) ? 24 : 8;
}

export interface Wish {
  readonly kind: ColumnKind;
  readonly width: number;
}

/** Widths that fit the room, for as many of the columns as can be shown, from the left. */
export function shareRoom(wishes: readonly Wish[], room: number): number[] {
  const shown = wishes.slice(0, countThatFit(wishes, room));
  const widths = shown.map(({ width }) => Math.min(width, room));
  let excess = widths.reduce((sum, width) => sum + width + gap, -gap) - room;
  while (excess > 0) {
    let widest = -1;
    shown.forEach(({ kind }, i) => {
      const width = widths[i] ?? 0;
      if (width > leastOf(kind) && width > (widths[widest] ?? 0)) widest = i;
    });
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

/** At least one: a table without columns helps nobody. */
function countThatFit(wishes: readonly Wish[], room: number): number {
  let used = -gap;
  const tooMany = wishes.findIndex(({ kind, width }) => {
    used += Math.min(width, leastOf(kind)) + gap;
    return used > room;
  });
  return tooMany === -1 ? wishes.length : Math.max(tooMany, 1);
}
