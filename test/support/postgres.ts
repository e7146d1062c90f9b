import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Where Debian keeps the programs of its PostgreSQL; undefined where it is not installed. */
function postgresFolder(): string | undefined {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((it) => join(base, it, 'bin')).find((it) => existsSync(join(it, 'initdb')));
}

/** Why tests of a server are skipped, on a machine that has none; CI must have one. */
export const noPostgres =
  postgresFolder() === undefined && process.env['TEST_POSTGRES'] !== 'required'
    ? 'skipped: PostgreSQL is not installed (apt-get install postgresql pgbouncer)'
    : undefined;

/** No server runs as root. */
const unprivileged = process.getuid?.() === 0 ? idOf('postgres') : undefined;

function idOf(user: string): number {
  const id = Number(String(spawnSync('id', ['-u', user]).stdout).trim());
  return id > 0 ? id : 65_534;
}

/** Runs a program as a user whom a server starts for. Throws with its words where it fails. */
export function runUnprivileged(command: string, args: readonly string[], input = ''): void {
  const words =
    unprivileged === undefined
      ? [command, ...args]
      : [
          'setpriv',
          `--reuid=${unprivileged}`,
          `--regid=${unprivileged}`,
          '--clear-groups',
          command,
          ...args,
        ];
  const [program = '', ...rest] = words;
  const { status, stderr, stdout } = spawnSync(program, rest, {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 60_000,
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stdout}${stderr}`);
}

/** A folder that the server's user may write. */
function unprivilegedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reekolect-pg-'));
  if (unprivileged !== undefined) chownSync(folder, unprivileged, unprivileged);
  return folder;
}

/** Waits for a server in the background, which listens a moment after it has let go of us. */
export async function untilAnswers(port: number): Promise<void> {
  const isOpen = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  while (!(await isOpen())) await sleep(20);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A server in a folder of its own, until it is stopped. */
export class PostgresServer {
  port = 0;
  readonly #folder: string;
  readonly #programs: string;

  private constructor(programs: string, folder: string) {
    this.#programs = programs;
    this.#folder = folder;
  }

  static async start(): Promise<PostgresServer> {
    const programs = postgresFolder();
    if (programs === undefined) throw new Error('PostgreSQL is not installed');
    const server = new PostgresServer(programs, unprivilegedFolder());
    const data = join(server.#folder, 'data');
    const words = [
      '-D',
      data,
      '-U',
      'admin',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--auth=trust',
      '-N',
    ];
    runUnprivileged(join(programs, 'initdb'), words);
    for (let tries = 1; ; tries += 1) {
      server.port = await freePort();
      try {
        server.#run(data);
        return server;
      } catch (error) {
        // Other tests open servers, too: one of them may have taken the port meanwhile.
        if (tries === 3) throw error;
      }
    }
  }

  #run(data: string): void {
    const options = `-p ${this.port} -k ${this.#folder} -c listen_addresses=127.0.0.1 -c fsync=off`;
    const log = join(this.#folder, 'log');
    const words = ['-D', data, '-o', options, '-l', log, '-w', 'start'];
    runUnprivileged(join(this.#programs, 'pg_ctl'), words);
  }

  stop(): void {
    const data = join(this.#folder, 'data');
    runUnprivileged(join(this.#programs, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop']);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The folder of its socket, and where its files lie. */
  get folder(): string {
    return this.#folder;
  }

  url(database: string, user = 'admin'): string {
    return `postgres://${user}@127.0.0.1:${this.port}/${database}`;
  }

  /** A database of its own for a test. */
  async database(name: string): Promise<string> {
    await this.ask('postgres', `CREATE DATABASE ${name}`);
    return name;
  }

  // biome-ignore lint/suspicious/noExplicitAny: read as freely as a test likes
  async ask(database: string, sql: string, user = 'admin'): Promise<readonly any[]> {
    const client = new pg.Client({ connectionString: this.url(database, user) });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }
}
