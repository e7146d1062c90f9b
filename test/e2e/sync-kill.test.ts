import { existsSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { envOf, runInProcess, startCli, tempFolder } from '../support/cli.ts';
import { noPostgres, PostgresServer } from '../support/postgres.ts';
import { type Service, serve } from '../support/service.ts';
import { ask } from '../support/sqlite.ts';
import { people, person } from '../support/synced.ts';

const killer = fileURLToPath(new URL('../support/kill-before.cjs', import.meta.url));

/** All that a run leaves, but for its times and its id; one that found nothing to do may follow it. */
const questions = (schema: string) => [
  `SELECT id, name, status, deleted_at IS NOT NULL AS gone FROM ${schema}contacts_all ORDER BY id`,
  `SELECT contact_id, change FROM ${schema}contact_changes ORDER BY at, contact_id`,
  `SELECT kind, stable, seen, created, updated, deleted FROM ${schema}sync_runs
    WHERE created + updated + deleted > 0 ORDER BY started_at`,
];

/** Where contacts are kept: in a home of its own, which a run may be killed in. */
interface Place {
  readonly home: string;
  readonly target: string;
  /** Tells the killer more of what it is to count. */
  readonly killing: Record<string, string>;
  /** Undefined where nothing is kept. */
  content(): Promise<unknown>;
  /** The same in another home. */
  copy(): Promise<Place>;
  /** What is left when a run has ended. */
  left(): Promise<unknown>;
}

class FilePlace implements Place {
  readonly home: string;
  readonly killing = {};

  constructor(home: string) {
    this.home = home;
  }

  static async make(): Promise<Place> {
    const place = new FilePlace(await tempFolder());
    await mkdir(join(place.home, 'folder'));
    return place;
  }

  get target() {
    return join(this.home, 'folder', 'contacts.db');
  }

  async content() {
    if (!existsSync(this.target)) return undefined;
    return questions('').map((sql) => ask(this.target, sql));
  }

  async copy() {
    const home = await tempFolder();
    await cp(this.home, home, { recursive: true });
    return new FilePlace(home);
  }

  async left() {
    const [check] = ask(this.target, 'PRAGMA integrity_check');
    return [check.integrity_check, ...(await readdir(join(this.home, 'folder')))];
  }
}

let server: PostgresServer | undefined;
let databases = 0;
afterAll(() => server?.stop());

class ServerPlace implements Place {
  readonly home: string;
  readonly #server: PostgresServer;
  readonly #database: string;

  constructor(home: string, started: PostgresServer, database: string) {
    this.home = home;
    this.#server = started;
    this.#database = database;
  }

  static async make(template = 'template1', from?: string): Promise<Place> {
    server ??= await PostgresServer.start();
    databases += 1;
    const database = await server.database(`killed${databases} TEMPLATE ${template}`);
    const home = await tempFolder();
    if (from !== undefined) await cp(from, home, { recursive: true });
    return new ServerPlace(home, server, database.split(' ')[0] as string);
  }

  get target() {
    return this.#server.url(this.#database);
  }

  get killing() {
    return { KILL_PORT: String(this.#server.port) };
  }

  async content() {
    const [found] = await this.#ask(`SELECT to_regclass('reekolect.contacts_all') AS name`);
    if (found.name === null) return undefined;
    return Promise.all(questions('reekolect.').map((sql) => this.#ask(sql)));
  }

  copy() {
    return ServerPlace.make(this.#database, this.home);
  }

  async left() {
    return readdir(join(this.home, 'config', 'sync'));
  }

  #ask(sql: string) {
    return this.#server.ask(this.#database, sql);
  }
}

function envIn({ home }: Place, service: Service) {
  return { ...envOf(service), HOME: home, REEKOLECT_CONFIG_DIR: join(home, 'config') };
}

async function runKilledBefore(operation: number, place: Place, service: Service) {
  const killing = { NODE_OPTIONS: `--require ${killer}`, KILL_BEFORE: String(operation) };
  const env = { ...envIn(place, service), ...killing, ...place.killing };
  return (await startCli(['contacts', 'sync', place.target, '--history'], { env })).ended;
}

async function run(place: Place, service: Service, ...more: readonly string[]) {
  const args = ['contacts', 'sync', place.target, '--history', ...more];
  expect(await runInProcess(args, { env: envIn(place, service) })).toMatchObject({ code: 0 });
}

/** What comes between two looks of a sync. */
function changeAccount(service: Service): void {
  service.contacts[0] = person(9, { status: 'CLOSED' });
  service.remove(person(2)._id);
  service.insert(person(10));
}

/** Kills a run before every so manyth operation, each time in a copy of the same place. */
async function killEverywhere(make: () => Promise<Place>, before: boolean, stride: number) {
  const service = await serve({ contacts: people(9), pageSize: 4 });
  const template = await make();
  if (before) await run(template, service);
  const old = await template.content();
  if (before) changeAccount(service);
  const whole = await template.copy();
  await run(whole, service);
  const expected = await whole.content();
  const left = await whole.left();
  let operation = 0;
  let more = true;
  const work = async () => {
    while (more) {
      operation += stride;
      const when = `killed before operation ${operation}`;
      const here = operation;
      const place = await template.copy();
      const killed = await runKilledBefore(here, place, service);
      if (killed.signal !== 'SIGKILL') {
        expect(killed.code).toBe(0);
        more = false;
        return;
      }
      const content = await place.content();
      if (JSON.stringify(content) !== JSON.stringify(old)) expect(content, when).toEqual(expected);
      await run(place, service, '--resume');
      expect(await place.content(), when).toEqual(expected);
      expect(await place.left(), when).toEqual(left);
    }
  };
  await Promise.all([work(), work(), work()]);
  expect(operation).toBeGreaterThan(20);
}

/** 1 kills at each: for a look by hand. */
const stride = (usual: number) => Number(process.env['KILL_STRIDE'] ?? usual);

describe('a sync that is killed before any statement or operation on a file', () => {
  it.each([
    ['into a new file', false, 7],
    ['into one that is there', true, 11],
  ])(
    '%s leaves the old state or the new one, and --resume makes it good',
    async (_name, before, usual) => {
      await killEverywhere(FilePlace.make, before, stride(usual));
    },
    240_000,
  );

  it.skipIf(noPostgres !== undefined).each([
    ['into a new schema of PostgreSQL', false, 23],
    ['into one of PostgreSQL that is there', true, 29],
  ])(
    '%s leaves the old state or the new one, and --resume makes it good',
    async (_name, before, usual) => {
      await killEverywhere(() => ServerPlace.make(), before, stride(usual));
    },
    240_000,
  );
});
