import { ExplainedError, exitCodes } from '../errors.ts';
import type { Row } from './connection.ts';
import type { State } from './tables.ts';

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
  /** Exit 8, and why; forgotten once another run has followed. */
  readonly failure: ExplainedError | undefined;
}

/** Reads what sync_runs keeps of a run, where so many contacts are not marked as deleted. */
export function doneRun(row: Row, live: number, state: State | undefined): DoneRun {
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
    failure:
      state?.get('last_run') === row['id'] ? readFailure(state?.get('last_failure')) : undefined,
  };
}

/** Why a run that was applied was not complete, as sync_state keeps it; empty for one that was. */
export function failureText(failure: ExplainedError | undefined): string {
  if (failure === undefined) return '';
  const { code, message, hint } = failure;
  return JSON.stringify({ code, message, hint });
}

function readFailure(text = ''): ExplainedError | undefined {
  if (text === '') return undefined;
  const { code, message, hint } = JSON.parse(text) as ExplainedError;
  return new ExplainedError({ exit: exitCodes.incomplete, code, message, hint });
}
