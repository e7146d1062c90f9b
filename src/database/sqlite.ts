import { constants, type Stats } from 'node:fs';
import { access, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError } from '../errors.ts';
import { copyInPlace } from '../files/copy-in-place.ts';
import { syncFolder } from '../files/fsync.ts';
import type { Lock } from '../files/lock.ts';
import { statOf, type Target } from '../files/target.ts';
import { type Comparison, compareWith } from './comparison.ts';
import type { Apply, ApplyOptions, Database } from './database.ts';
import { patiently } from './patiently.ts';
import {
  checkAlone,
  checkEncoding,
  copyBeside,
  flushFile,
  newFileBeside,
  removeOrphans,
  removePrivate,
  versionOf,
} from './private-copy.ts';
import { workOnPrivate } from './private-work.ts';
import { rewriteInPlace } from './rewrite.ts';
import type { DoneRun } from './runs.ts';
import { sqlite as dialect } from './schema.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { type Engine, loadEngine } from './sqlite-engine.ts';
import { appeared, disturbed, sqliteError } from './sqlite-errors.ts';
import { Store } from './store.ts';
import type { State } from './tables.ts';

/** A file may change under us so often before it is given up. */
const mostTries = 5;

/**
 * The contacts in an SQLite file, which a run that writes holds the lock of. One that is there is changed in
 * place where the engine can share it with its readers; else all is done on a file beside, which
 * takes its place.
 */
export async function openSqlite(
  target: Target,
  lock: Lock | undefined,
  signal: AbortSignal,
): Promise<Database> {
  return new SqliteDatabase(target, lock, signal, await loadEngine());
}

class SqliteDatabase implements Database {
  readonly shown: string;
  readonly dialect = dialect;
  readonly #target: Target;
  readonly #lock: Lock | undefined;
  readonly #signal: AbortSignal;
  readonly #engine: Engine;
  /** A copy of the file, where the engine must not open the file itself. */
  #copy: { readonly path: string; readonly version: string } | undefined;

  constructor(target: Target, lock: Lock | undefined, signal: AbortSignal, engine: Engine) {
    this.shown = target.shown;
    this.#target = target;
    this.#lock = lock;
    this.#signal = signal;
    this.#engine = engine;
  }

  async look(): Promise<State | undefined> {
    return this.#read((store) => store.state());
  }

  async doneBy(id: string): Promise<DoneRun | undefined> {
    return this.#read(async (store) => {
      return (await store.state()) === undefined ? undefined : store.doneBy(id);
    });
  }

  async apply<T>(work: (store: Store) => Promise<T>, options: ApplyOptions): Promise<T> {
    try {
      const there = await this.#stat();
      if (there !== undefined && this.#engine.sharesFiles)
        return await this.#inPlace(work, options);
      for (let tries = 1; ; tries += 1) {
        const done = await this.#beside(await this.#stat(), work, options);
        if (done !== undefined) return done.result;
        if (tries === mostTries) throw disturbed(this.shown);
      }
    } catch (error) {
      throw sqliteError(this.shown, error);
    }
  }

  async asNew(): Promise<Apply | undefined> {
    if ((await this.#stat()) !== undefined) return undefined;
    return async (work, options) => {
      try {
        const done = await this.#beside(undefined, work, options);
        if (done === undefined) throw appeared(this.shown);
        return done.result;
      } catch (error) {
        throw sqliteError(this.shown, error);
      }
    };
  }

  async comparison(): Promise<Comparison | undefined> {
    try {
      const there = await this.#stat();
      if (there === undefined) return undefined;
      const connection = await this.#open(there);
      // Nobody else is at a copy: it is locked once.
      if (!this.#engine.sharesFiles) connection.exec('BEGIN');
      return await compareWith(connection);
    } catch (error) {
      throw sqliteError(this.shown, error);
    }
  }

  async finish(): Promise<void> {
    const isDue = await this.#read((store) => store.isRewriteDue());
    if (isDue) await this.apply(async () => {}, { history: false, run: '' });
  }

  async close(): Promise<void> {
    await this.#dropCopy();
  }

  /** The file, unless it is not there or empty: SQLite takes an empty file for a new database. */
  async #stat(): Promise<Stats | undefined> {
    const found = await statOf(this.#target.path);
    return found === undefined || found.size === 0 ? undefined : found;
  }

  async #read<T>(work: (store: Store) => Promise<T>): Promise<T | undefined> {
    try {
      // SQLite puts files of longer names beside: where they can't be, nobody is to be read first.
      await statOf(`${this.#target.path}-journal`);
      const there = await this.#stat();
      if (there === undefined) {
        await this.#checkUnused();
        return undefined;
      }
      await this.#checkWritable();
      await checkEncoding(this.#target);
      const connection = await this.#open(there);
      try {
        return await patiently(() => work(new Store(connection)), this.#signal);
      } finally {
        connection.close();
      }
    } catch (error) {
      throw sqliteError(this.shown, error);
    }
  }

  /** To be read alone. */
  async #open(there: Stats): Promise<SqliteConnection> {
    const path = this.#engine.sharesFiles ? this.#target.path : await this.#privateCopy(there);
    return new SqliteConnection(this.#engine.open(path), this.shown);
  }

  /** An empty file may be what another program is about to fill. */
  async #checkUnused(): Promise<void> {
    if ((await statOf(this.#target.path)) !== undefined) await checkAlone(this.#target);
  }

  async #checkWritable(): Promise<void> {
    try {
      await access(this.#target.path, constants.R_OK | constants.W_OK);
    } catch (error) {
      throw fileError(this.shown, error);
    }
  }

  async #inPlace<T>(work: (store: Store) => Promise<T>, options: ApplyOptions): Promise<T> {
    const connection = new SqliteConnection(this.#engine.open(this.#target.path), this.shown);
    try {
      // With a log beside the file readers are never in the way of a writer, nor it in theirs.
      await patiently(async () => connection.setJournal('WAL'), this.#signal);
      await patiently(async () => connection.exec('BEGIN IMMEDIATE'), this.#signal);
      const store = new Store(connection, options.history);
      let result: T;
      try {
        result = await work(store);
        // Most of it is on disk then before COMMIT, which blocks; that says so where this fails.
        await flushFile(`${this.#target.path}-wal`).catch(() => {});
        await this.#lock?.stillOurs();
        this.#signal.throwIfAborted();
        await patiently(async () => connection.exec('COMMIT'), this.#signal);
      } catch (error) {
        connection.rollback();
        throw error;
      }
      if (await store.isRewriteDue()) await rewriteInPlace(connection, store, this.#signal);
      await connection.tidy();
      return result;
    } finally {
      connection.close();
    }
  }

  /** Undefined where the file was changed by others meanwhile. */
  async #beside<T>(
    there: Stats | undefined,
    work: (store: Store) => Promise<T>,
    options: ApplyOptions,
  ): Promise<{ readonly result: T } | undefined> {
    const version = versionOf(there);
    const path =
      there === undefined ? await newFileBeside(this.#target) : await this.#privateCopy(there);
    // Used up here; one that was made while the file was there goes when all is closed.
    if (there !== undefined) this.#copy = undefined;
    try {
      const file = { path, shown: this.shown, engine: this.#engine, lock: this.#lock };
      const result = await workOnPrivate(file, work, options);
      await this.#lock?.stillOurs();
      this.#signal.throwIfAborted();
      if (versionOf(await this.#stat()) !== version) return undefined;
      if (there === undefined) await removeOrphans(this.#target);
      else if (!this.#engine.sharesFiles) await checkAlone(this.#target);
      await this.#place(path);
      return { result };
    } finally {
      await removePrivate(path);
    }
  }

  async #place(path: string): Promise<void> {
    const { path: to, place } = this.#target;
    const bytes = (await statOf(path))?.size ?? 0;
    if (place === 'copy') await copyInPlace(path, to, bytes);
    else await rename(path, to);
    await syncFolder(dirname(to));
  }

  /** A copy as the file is now; the last one where the file has not changed, and nobody has removed it. */
  async #privateCopy(there: Stats): Promise<string> {
    const version = versionOf(there);
    const last = this.#copy;
    const isThere = last !== undefined && (await statOf(last.path)) !== undefined;
    if (isThere && last.version === version) return last.path;
    await this.#dropCopy();
    const path = await copyBeside(this.#target, there);
    this.#copy = { path, version };
    return path;
  }

  async #dropCopy(): Promise<void> {
    if (this.#copy !== undefined) await removePrivate(this.#copy.path);
    this.#copy = undefined;
  }
}
