import type { Counter } from '../../records/contacts/group-by.ts';
import type { Cell, Column } from '../../table.ts';

export const statColumns: readonly Column[] = [
  { name: 'by', kind: 'text' },
  { name: 'value', kind: 'text' },
  { name: 'count', kind: 'number' },
  { name: 'share', kind: 'number' },
];

const pageSize = 1000;

/** Every count as cells of `statColumns`, once `count` has counted and told the total. */
export async function* countPages(
  counters: readonly Counter[],
  count: () => Promise<number>,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  const total = await count();
  for (const counter of counters) {
    let page: Cell[][] = [];
    for (const { value, count: held } of counter.counts()) {
      page.push([counter.by, value, held, shareOf(held, total)]);
      if (page.length < pageSize) continue;
      yield page;
      page = [];
    }
    yield page;
  }
}

/** From 0 to 1, with as many digits as say something. */
function shareOf(count: number, total: number): number {
  return Number((count / total).toFixed(6));
}
