// The rows of contacts sync: a run beside the export of the same contacts.
import { rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import {
  bundled,
  cli,
  folder,
  fromPairs,
  measure,
  node,
  tellPeak,
  withSandbox,
} from './measure.js';

const isNative = isBuiltin('node:sqlite');
const engine = isNative ? "Node's SQLite" : 'SQLite in WebAssembly';
const toCsv = [node, cli, 'contacts', 'export', '-o', join(folder, 'synced.csv')];
const database = join(folder, 'contacts.db');
const toFile = [node, cli, 'contacts', 'sync', database];

function forget() {
  for (const ending of ['', '-wal', '-shm']) rmSync(`${database}${ending}`, { force: true });
}

/** CPU of both in turn, three times; what makes our command ready is not measured. */
function beside(reference, env, command = () => toFile) {
  const once = () => [measure(command(), env), measure(reference, env)];
  return fromPairs([once(), once(), once()], 'cpu');
}

const afresh = () => {
  forget();
  return toFile;
};

const of100k = (work) => withSandbox(['--contacts', '100000'], ({ env }) => work(env));

/** A million is read once for all rows that ask about it. */
let million;
function syncOfAMillion() {
  million ??= withSandbox(['--contacts', '1000000'], ({ env }) => {
    const ours = measure(afresh(), { ...env, ...tellPeak });
    return { ours, csv: measure(toCsv, env) };
  });
  return million;
}

async function intoPostgres() {
  const out = await bundled('test/support/postgres.ts');
  const { noPostgres, PostgresServer } = await import(join(out, 'postgres.mjs'));
  if (noPostgres !== undefined) return { note: noPostgres };
  const server = await PostgresServer.start();
  try {
    let schemas = 0;
    const command = () => {
      schemas += 1;
      const target = server.url('postgres');
      return [node, cli, 'contacts', 'sync', target, '--schema', `bench${schemas}`];
    };
    return await of100k((env) => beside(toCsv, env, command));
  } finally {
    server.stop();
  }
}

export const syncRows = [
  {
    name: 'sync-first',
    what: `first sync of 100,000, ${engine} / as CSV, CPU`,
    aim: isNative ? 1.8 : 2.8,
    work: () => of100k((env) => beside(toCsv, env, afresh)),
  },
  {
    name: 'sync-unchanged',
    what: 'the next, nothing changed / as CSV, CPU',
    aim: 1.5,
    work: () =>
      of100k((env) => {
        measure(afresh(), env);
        return beside(toCsv, env);
      }),
  },
  {
    name: 'sync-verify',
    what: 'the next, nothing changed / export --verify, CPU',
    aim: 1.6,
    work: () =>
      of100k((env) => {
        measure(afresh(), env);
        return beside([...toCsv, '--verify'], env);
      }),
  },
  {
    name: 'sync-postgres',
    what: 'first sync of 100,000 to PostgreSQL / as CSV, CPU',
    aim: 2,
    work: intoPostgres,
  },
  {
    name: 'sync-memory-100k',
    what: 'peak memory, sync of 100,000',
    aim: 220,
    work: async () => ({
      ours: await of100k((env) => measure(afresh(), { ...env, ...tellPeak }).peak),
      unit: 'MB',
    }),
  },
  {
    name: 'sync-memory-1m',
    what: 'peak memory, sync of 1,000,000',
    aim: 300,
    work: async () => ({ ours: (await syncOfAMillion()).ours.peak, unit: 'MB' }),
  },
  {
    name: 'sync-wall-1m',
    what: 'sync of 1,000,000 / as CSV, wall',
    aim: 2,
    work: async () => {
      const { ours, csv } = await syncOfAMillion();
      return fromPairs([[ours, csv]], 'wall');
    },
  },
];
