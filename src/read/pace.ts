/** No older time than this counts, in ms. */
const memoryMs = 30_000;

/** Nothing can be told sooner. */
const leastMs = 500;

/** How many are read a second: over the later half of the time so far, since a run starts slowly. */
export class Pace {
  /** When so many had been read, the oldest that counts first. */
  readonly #marks: { readonly ms: number; readonly count: number }[] = [{ ms: 0, count: 0 }];

  /** The rate at that moment, `ms` after the start; undefined while it can't be told. */
  at(ms: number, count: number): number | undefined {
    const marks = this.#marks;
    marks.push({ ms, count });
    const since = Math.max(ms / 2, ms - memoryMs);
    while (marks[1] !== undefined && marks[1].ms <= since) marks.shift();
    const [first] = marks;
    if (first === undefined || ms <= leastMs || count <= first.count) return undefined;
    return ((count - first.count) / (ms - first.ms)) * 1000;
  }
}
