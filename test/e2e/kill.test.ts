import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Env, envOf, runInProcess, startCli, tempFolder } from '../support/cli.ts';
import { type Service, serve } from '../support/service.ts';

const killer = fileURLToPath(new URL('../support/kill-before.cjs', import.meta.url));

interface Person {
  readonly _id: string;
  readonly createdAt: string;
  readonly name: string;
}

function people(from: number, to: number): readonly Person[] {
  return Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    const createdAt = new Date(Date.UTC(2026, 9, 1, 0, number)).toISOString();
    return { _id: number.toString(16).padStart(24, '0'), createdAt, name: `Person ${number}` };
  }).reverse();
}

const before = people(0, 7);
const after = people(0, 10);

/** What is there before a run that is killed: with --since-last or --append a run has gone before. */
async function prepare(service: Service, flags: readonly string[]): Promise<string> {
  const home = await tempFolder();
  const folder = join(home, 'folder');
  await mkdir(folder);
  const file = join(folder, 'out.csv');
  const repeats = flags.some((flag) => flag === '--append' || flag === '--since-last');
  if (!repeats) {
    await writeFile(file, 'the old file');
    return home;
  }
  service.contacts = [...before];
  const env = { ...envOf(service), REEKOLECT_CONFIG_DIR: join(home, 'config') };
  const args = ['contacts', 'export', '--columns', 'id', '-o', file, ...flags];
  expect(await runInProcess(args, { env })).toMatchObject({ code: 0 });
  service.contacts = [...after];
  return home;
}

/** A run that is killed, in a world of its own. */
class World {
  readonly folder: string;
  readonly file: string;
  readonly #env: Env;
  readonly #flags: readonly string[];

  constructor(service: Service, home: string, flags: readonly string[]) {
    this.folder = join(home, 'folder');
    this.file = join(this.folder, 'out.csv');
    this.#env = { ...envOf(service), HOME: home, REEKOLECT_CONFIG_DIR: join(home, 'config') };
    this.#flags = flags;
  }

  get #args(): readonly string[] {
    return ['contacts', 'export', '--columns', 'id', '-o', this.file, ...this.#flags];
  }

  async runKilledBefore(operation: number) {
    const killing = {
      NODE_OPTIONS: `--require ${killer}`,
      KILL_BEFORE: String(operation),
      // Kept after the run has ended, when there is nothing to make good any more.
      NODE_DISABLE_COMPILE_CACHE: '1',
    };
    return (await startCli(this.#args, { env: { ...this.#env, ...killing } })).ended;
  }

  run(...more: readonly string[]) {
    return runInProcess([...this.#args, ...more], { env: this.#env });
  }

  /** The ids in the file, its header aside. */
  async ids(): Promise<readonly string[]> {
    return (await readFile(this.file, 'utf8')).trimEnd().split('\n').slice(1);
  }

  async names(): Promise<readonly string[]> {
    return (await readdir(this.folder)).sort();
  }

  /** Whatever jobs keep: their marks and nothing else. */
  async jobs(): Promise<readonly string[]> {
    return readdir(join(this.#env['REEKOLECT_CONFIG_DIR'] ?? '', 'jobs')).catch(() => []);
  }
}

const idsOf = (all: readonly Person[]) => all.map(({ _id }) => _id);
const since = ['--since-last', 'nightly'];
const manifest = ['out.csv', 'out.csv.manifest.json'];

/** The flags, the ids that the file holds in the end, and the files there are. */
const stories: readonly (readonly [
  flags: readonly string[],
  ids: readonly string[],
  names: readonly string[],
])[] = [
  [[], idsOf(after), ['out.csv']],
  [['--manifest'], idsOf(after), manifest],
  [['--verify'], idsOf(after), ['out.csv']],
  [['--append'], [...idsOf(before), ...idsOf(after)], ['out.csv']],
  [since, idsOf(people(7, 10)), ['out.csv']],
  [[...since, '--manifest'], idsOf(people(7, 10)), manifest],
  [[...since, '--append'], [...idsOf(before), ...idsOf(people(7, 10))], ['out.csv']],
  [
    [...since, '--append', '--manifest', '--verify'],
    [...idsOf(before), ...idsOf(people(7, 10))],
    manifest,
  ],
];

/** Who asks for another file is not told that it is there. */
async function expectOthersAfresh(killed: string, service: Service, when: string) {
  for (const [flag, head, others] of [
    ['--no-header', '', after],
    ['--where=.name!=Person 3', 'id\n', after.filter(({ name }) => name !== 'Person 3')],
  ] as const) {
    const home = await tempFolder();
    await cp(killed, home, { recursive: true });
    const world = new World(service, home, [flag]);
    expect(await world.run('--resume'), `${flag}, ${when}`).toMatchObject({ code: 0 });
    const text = await readFile(world.file, 'utf8');
    expect(text, `${flag}, ${when}`).toBe(`${head}${idsOf(others).join('\n')}\n`);
  }
}

describe.each(stories)('an export with %j', (flags, ids, names) => {
  const sinceLast = flags.includes('--since-last');

  async function killedBefore(operation: number, service: Service, template: string) {
    const home = await tempFolder();
    await cp(template, home, { recursive: true });
    const world = new World(service, home, flags);
    const old = await readFile(world.file, 'utf8');
    const killed = await world.runKilledBefore(operation);
    const when = `killed before operation ${operation}`;
    if (killed.signal !== 'SIGKILL') {
      expect(killed.code).toBe(0);
      return false;
    }
    const left = await readFile(world.file, 'utf8');
    if (left !== old) {
      expect(await world.ids(), 'the old file, or the whole new one').toEqual(ids);
      if (flags.length === 0) await expectOthersAfresh(home, service, when);
    }
    expect(await world.run('--resume'), when).toMatchObject({ code: 0 });
    expect(await world.ids(), when).toEqual(ids);
    expect(await world.names(), when).toEqual(names);
    if (flags.includes('--manifest')) {
      const text = await readFile(`${world.file}.manifest.json`, 'utf8');
      expect(JSON.parse(text)).toMatchObject({ complete: true });
    }
    if (sinceLast) {
      expect(await world.jobs(), when).toEqual(['nightly.json']);
      expect((await world.run()).stderr, when).toContain('0 new since');
    }
    return true;
  }

  it('killed before any operation on a file, it is made good by --resume', async () => {
    const service = await serve({ contacts: after, pageSize: 4, window: true });
    const template = await prepare(service, flags);
    let operation = 0;
    let more = true;
    const work = async () => {
      while (more) {
        operation += 1;
        if (!(await killedBefore(operation, service, template))) more = false;
      }
    };
    await Promise.all([work(), work(), work()]);
    expect(operation).toBeGreaterThan(20);
  }, 240_000);
});
