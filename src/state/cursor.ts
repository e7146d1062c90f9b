import type { Mark } from './job-record.ts';

/** How far before the mark contacts may still turn up: new leads can take 15 minutes. */
export const overlapMs = 3_600_000;

const dayMs = 86_400_000;
const daysKept = 7;

/** What a run adds to a job's mark: the next cursor, while the one it goes by stays as it is. */
export class NextCursor {
  readonly #recent: Map<string, string>;
  /** The newest creation time by day: one that is far off must not take the others along. */
  readonly #days: Map<number, number>;
  #pruneAt = 10_000;

  constructor(mark: Mark | undefined) {
    this.#recent = new Map(Object.entries(mark?.recent ?? {}));
    const times = [...(mark?.days ?? []), mark?.newest ?? ''].map((time) => Date.parse(time));
    this.#days = new Map();
    for (const time of times) this.#addTime(time);
  }

  /** A creation time in the future counts as `now`: it would hide everything before it. */
  add(key: string, createdMs: number, now: number): void {
    this.#recent.set(key, Number.isNaN(createdMs) ? '' : new Date(createdMs).toISOString());
    this.#addTime(Math.min(createdMs, now));
    if (this.#recent.size < this.#pruneAt) return;
    this.#prune();
    this.#pruneAt = Math.max(10_000, this.#recent.size * 2);
  }

  /** Whether a record was delivered of late. */
  has(key: string): boolean {
    return this.#recent.has(key);
  }

  /** The newest creation time, epoch ms; undefined before the first. */
  get newestMs(): number | undefined {
    return this.#newestDays()[0];
  }

  /** From now on is everything new: what was made before this, overlap aside, is not. */
  begin(nowMs: number): void {
    this.#addTime(nowMs);
  }

  mark(began: Date): Mark {
    this.#prune();
    const [newest = '', ...days] = this.#newestDays().map((time) => new Date(time).toISOString());
    return { newest, ran: began.toISOString(), recent: Object.fromEntries(this.#recent), days };
  }

  #addTime(time: number): void {
    if (Number.isNaN(time)) return;
    const day = Math.floor(time / dayMs);
    this.#days.set(day, Math.max(time, this.#days.get(day) ?? time));
    if (this.#days.size < 1000) return;
    const kept = new Set(this.#newestDays());
    for (const [key, latest] of this.#days) if (!kept.has(latest)) this.#days.delete(key);
  }

  #newestDays(): readonly number[] {
    return [...this.#days.values()].sort((a, b) => b - a).slice(0, daysKept);
  }

  #prune(): void {
    const days = this.#newestDays();
    const newest = days[0] ?? Number.NEGATIVE_INFINITY;
    for (const [key, created] of this.#recent) {
      const time = Date.parse(created);
      const isRecent = days.some((latest) => time >= latest - overlapMs && time <= latest);
      if (time <= newest && !isRecent) this.#recent.delete(key);
    }
  }
}

/**
 * A mark that is later than now, as when a clock was wrong: the newest of its days that can be
 * true takes its place; with none of them the job begins anew. Undefined when nothing is wrong.
 */
export function lowerMark(mark: Mark, now: Date): Mark | undefined {
  const latest = now.getTime() + overlapMs;
  if (!(Date.parse(mark.newest) > latest)) return undefined;
  const [newest = '', ...days] = (mark.days ?? []).filter((time) => Date.parse(time) <= latest);
  const ran = Date.parse(mark.ran) > latest ? newest || now.toISOString() : mark.ran;
  return { ...mark, newest, ran, days };
}
