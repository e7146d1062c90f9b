import type { Row } from './connection.ts';

/** One run, as sync_runs keeps it. */
export interface Run {
  readonly id: string;
  readonly started_at: string;
  readonly finished_at: string;
  readonly kind: 'full' | 'quick';
  readonly walks: number;
  readonly stable: boolean | null;
  readonly seen: number;
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
}

/** What a run that has committed has done. */
export interface DoneRun {
  readonly kind: 'full' | 'quick';
  readonly walks: number;
  readonly stable: boolean | undefined;
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
  readonly unchanged: number;
}

/** Reads what sync_runs keeps of a run, where so many contacts are not marked as deleted. */
export function doneRun(row: Row, live: number): DoneRun {
  const count = (name: string) => Number(row[name]);
  const [created, changed] = [count('created'), count('updated')];
  return {
    kind: row['kind'] === 'quick' ? 'quick' : 'full',
    walks: count('walks'),
    stable: row['stable'] === null ? undefined : Boolean(row['stable']),
    created,
    changed,
    deleted: count('deleted'),
    unchanged: live - created - changed,
  };
}
