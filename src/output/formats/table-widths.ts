import type { ColumnKind } from '../../table.ts';

export const gap = 2;

// Half an id or a phone number is of no use to anyone; ids have 24 digits.
const wholeKinds: ReadonlySet<ColumnKind> = new Set(['id', 'phone', 'time']);
const longestId = 24;
const usuallyEnough = 8;

/** A column with the width that would show all of it. */
export interface WantedWidth {
  readonly kind: ColumnKind;
  readonly keepWhole?: boolean;
  readonly enough?: number;
  readonly width: number;
}

/** A column that has to be narrower than this says too little to be shown. */
function leastOf({ kind, keepWhole, enough = usuallyEnough, width }: WantedWidth): number {
  if (keepWhole === true) return width;
  return Math.min(width, wholeKinds.has(kind) ? longestId : enough);
}

/** Widths that fit the room, for as many of the columns as can be shown, from the left. */
export function shareRoom(wanted: readonly WantedWidth[], room: number): number[] {
  const shown = wanted.slice(0, countThatFit(wanted, room));
  const widths = shown.map(({ width }) => Math.min(width, room));
  let excess = widths.reduce((sum, width) => sum + width + gap, -gap) - room;
  while (excess > 0) {
    let widest = -1;
    shown.forEach((column, i) => {
      const width = widths[i] ?? 0;
      if (width > leastOf(column) && width > (widths[widest] ?? 0)) widest = i;
    });
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

/** At least one: a table without columns helps nobody. */
function countThatFit(wanted: readonly WantedWidth[], room: number): number {
  let used = -gap;
  const tooMany = wanted.findIndex((column) => {
    used += leastOf(column) + gap;
    return used > room;
  });
  return tooMany === -1 ? wanted.length : Math.max(tooMany, 1);
}
