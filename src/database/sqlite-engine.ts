import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import type { Row } from './connection.ts';
import type { Value } from './values.ts';

/** A statement, compiled. */
export interface Statement {
  /** How many rows were changed. */
  run(params: readonly Value[]): number;
  all(params: readonly Value[]): readonly Row[];
}

/** An open SQLite file. Calls block, but for `moveLog`, and `rewrite` where it can. */
export interface SqliteFile {
  /** Writes the whole file anew, without what is erased. */
  rewrite(): Promise<void>;
  /** Moves what a log beside the file holds into it; absent where there never is one. */
  moveLog?(): Promise<void>;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** SQLite itself: Node's own, or one that runs in WebAssembly. */
export interface Engine {
  /** Whether it may change a file that others read; one that knows no locks of the system may not. */
  readonly sharesFiles: boolean;
  open(path: string): SqliteFile;
}

/** Node's own where there is one. */
export async function loadEngine(): Promise<Engine> {
  return isBuiltin('node:sqlite') ? nodeEngine() : wasmEngine();
}

interface NodeStatement {
  run(...params: unknown[]): { readonly changes: number | bigint };
  all(...params: unknown[]): readonly Row[];
}

interface NodeSqlite {
  readonly DatabaseSync: new (
    path: string,
  ) => { exec(sql: string): void; prepare(sql: string): NodeStatement; close(): void };
}

/** Booleans are numbers in SQLite. */
function bound(params: readonly Value[]): readonly Exclude<Value, boolean>[] {
  return params.map((value) => (typeof value === 'boolean' ? Number(value) : value));
}

function nodeEngine(): Engine {
  const { DatabaseSync } = quietly(() => process.getBuiltinModule('node:sqlite') as NodeSqlite);
  return {
    sharesFiles: true,
    open(path) {
      const file = new DatabaseSync(path);
      return {
        exec: (sql) => file.exec(sql),
        close: () => file.close(),
        moveLog: () => moveLog(path),
        rewrite: () => rewrite(path, file),
        prepare(sql) {
          const statement = file.prepare(sql);
          return {
            run: (params) => Number(statement.run(...bound(params)).changes),
            all: (params) => statement.all(...bound(params)),
          };
        },
      };
    },
  };
}

/** With less a call takes less time than starting a thread. */
const much = 4 * 1024 * 1024;

const inThread = `
  process.emitWarning = () => {};
  const { DatabaseSync } = require('node:sqlite');
  const { path, sql } = require('node:worker_threads').workerData;
  const file = new DatabaseSync(path);
  file.exec(sql);
  file.close();`;

/** In a thread of its own: a call takes seconds where there is much. */
async function execInThread(path: string, sql: string): Promise<void> {
  const { Worker } = await import('node:worker_threads');
  await once(new Worker(inThread, { eval: true, workerData: { path, sql } }), 'exit');
}

async function moveLog(path: string): Promise<void> {
  const { size } = await stat(`${path}-wal`);
  if (size >= much) await execInThread(path, 'PRAGMA wal_checkpoint(PASSIVE)');
}

async function rewrite(path: string, file: { exec(sql: string): void }): Promise<void> {
  const { size } = await stat(path);
  if (size >= much) await execInThread(path, 'PRAGMA busy_timeout = 5000; VACUUM');
  else file.exec('VACUUM');
}

/** Node 22 warns that its SQLite is an experiment. */
function quietly<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function finalize(statement: { finalize(): void }): void {
  try {
    statement.finalize();
  } catch {
    // What failed in it is said once more.
  }
}

async function wasmEngine(): Promise<Engine> {
  const module = await import('node-sqlite3-wasm');
  const { Database } = (module as unknown as { default: typeof module }).default;
  return {
    sharesFiles: false,
    open(path) {
      const file = new Database(path);
      const statements: { finalize(): void }[] = [];
      return {
        exec: (sql) => file.exec(sql),
        rewrite: async () => file.exec('VACUUM'),
        close() {
          // The file would stay open for any that is left.
          for (const statement of statements) finalize(statement);
          file.close();
        },
        prepare(sql) {
          const statement = file.prepare(sql);
          statements.push(statement);
          return {
            run: (params) => statement.run([...bound(params)]).changes,
            all: (params) => statement.all([...bound(params)]) as readonly Row[],
          };
        },
      };
    },
  };
}
