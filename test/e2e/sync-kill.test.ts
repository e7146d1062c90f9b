import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { envOf, runInProcess, startCli, tempFolder } from '../support/cli.ts';
import { type Service, serve } from '../support/service.ts';
import { ask } from '../support/sqlite.ts';
import { people, person } from '../support/synced.ts';

const killer = fileURLToPath(new URL('../support/kill-before.cjs', import.meta.url));

const columns =
  'SELECT id, name, status, deleted_at IS NOT NULL AS gone FROM contacts_all ORDER BY id';

/** A run that is killed, in a folder of its own. */
class World {
  readonly #env: Record<string, string | undefined>;
  readonly folder: string;
  readonly file: string;

  constructor(service: Service, home: string) {
    this.folder = join(home, 'folder');
    this.file = join(this.folder, 'contacts.db');
    this.#env = { ...envOf(service), HOME: home, REEKOLECT_CONFIG_DIR: join(home, 'config') };
  }

  get #args() {
    return ['contacts', 'sync', this.file, '--history'];
  }

  async runKilledBefore(operation: number) {
    const killing = { NODE_OPTIONS: `--require ${killer}`, KILL_BEFORE: String(operation) };
    return (await startCli(this.#args, { env: { ...this.#env, ...killing } })).ended;
  }

  run(...more: readonly string[]) {
    return runInProcess([...this.#args, ...more], { env: this.#env });
  }

  get rows() {
    return ask(this.file, columns);
  }
}

/** What comes between two looks of a sync. */
function changeAccount(service: Service): void {
  service.contacts[0] = person(9, { status: 'CLOSED' });
  service.remove(person(2)._id);
  service.insert(person(10));
}

describe('a sync that is killed before any operation on a file', () => {
  it.each([
    ['into a new file', false, 7],
    ['into one that is there', true, 11],
  ])(
    '%s leaves the old state or the new one, and --resume makes it good',
    async (_name, before, stride) => {
      const service = await serve({ contacts: people(9), pageSize: 4 });
      const template = await tempFolder();
      const first = new World(service, template);
      await mkdir(first.folder);
      if (before) expect(await first.run()).toMatchObject({ code: 0 });
      const old = before ? first.rows : undefined;
      if (before) changeAccount(service);
      const reference = await tempFolder();
      await cp(template, reference, { recursive: true });
      const whole = new World(service, reference);
      expect(await whole.run()).toMatchObject({ code: 0 });
      const expected = whole.rows;
      let operation = 0;
      let more = true;
      const work = async () => {
        while (more) {
          operation += stride;
          const here = operation;
          const home = await tempFolder();
          await cp(template, home, { recursive: true });
          const world = new World(service, home);
          const killed = await world.runKilledBefore(here);
          if (killed.signal !== 'SIGKILL') {
            expect(killed.code).toBe(0);
            more = false;
            return;
          }
          const when = `killed before operation ${here}`;
          const names = await readdir(world.folder);
          if (names.includes('contacts.db')) {
            const left = world.rows;
            if (JSON.stringify(left) !== JSON.stringify(old)) expect(left, when).toEqual(expected);
          } else expect(old, when).toBeUndefined();
          expect(await world.run('--resume'), when).toMatchObject({ code: 0 });
          expect(world.rows, when).toEqual(expected);
          expect(ask(world.file, 'PRAGMA integrity_check'), when).toEqual([
            { integrity_check: 'ok' },
          ]);
          expect(await readdir(world.folder), when).toEqual(['contacts.db']);
        }
      };
      await Promise.all([work(), work(), work()]);
      expect(operation).toBeGreaterThan(20);
    },
    240_000,
  );
});
