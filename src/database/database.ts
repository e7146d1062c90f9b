import type { Comparison } from './comparison.ts';
import type { DoneRun } from './runs.ts';
import type { Dialect } from './schema.ts';
import type { Store } from './store.ts';
import type { State } from './tables.ts';

/** Where contacts are kept: a file, or a schema on a server. */
export interface Database {
  /** For messages: never a password. */
  readonly shown: string;
  readonly dialect: Dialect;
  /** Looks at what is there, and whether a run may do what it is to; undefined where nothing of ours is. */
  look(needs: Needs): Promise<State | undefined>;
  /**
   * Does the work in one transaction that others see whole or not at all, on disk when this
   * returns. The work may be done several times, where others were in its way.
   */
  readonly apply: Apply;
  /**
   * Makes a database that is not there yet: nobody sees it until it is whole, so the work is done
   * once and may take its time. Undefined where there is one, which must not be held up.
   */
  asNew(): Promise<Apply | undefined>;
  /**
   * For one that is there and was looked at: who has to be written at all. Undefined where that is
   * everybody, and the database compares. To be closed before `apply`.
   */
  comparison(): Promise<Comparison | undefined>;
  /** What a run has done; undefined where none of this id has committed. */
  doneBy(id: string): Promise<DoneRun | undefined>;
  /** Does what a run that was cut short behind its COMMIT has left to do. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** What a run is to do beside writing contacts. */
export interface Needs {
  /** Keep what contacts were before. */
  readonly history: boolean;
}

export type Apply = <T>(work: (store: Store) => Promise<T>, options: ApplyOptions) => Promise<T>;

export interface ApplyOptions {
  readonly history: boolean;
  /** The run's id, by which its commit is recognised. */
  readonly run: string;
}
