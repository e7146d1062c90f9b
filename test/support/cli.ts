import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { runMain } from './context.ts';

/** The built program, run as a user would. */
export const program = fileURLToPath(new URL('../../bin/reekolect.js', import.meta.url));
const built = fileURLToPath(new URL('../../dist/start.js', import.meta.url));

export type Env = Readonly<Record<string, string | undefined>>;

export interface CliOptions {
  /** Added to PATH, HOME, REEKOLECT_CONFIG_DIR and TZ=UTC; nothing else is inherited. */
  readonly env?: Env;
  /** What standard input holds. */
  readonly input?: string;
  readonly cwd?: string;
}

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that may still be going on. */
export interface CliRun {
  readonly child: ChildProcess;
  /** What came so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** How it ends. */
  readonly ended: Promise<CliResult>;
}

const cleanups: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** A folder of the test's own, removed after the tests of its file. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reekolect-e2e-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A clean environment with a home of its own: settings and marks last if the result is given again. */
export async function cleanEnv(more: Env = {}): Promise<Env> {
  const home = await tempFolder();
  const { PATH } = process.env;
  return { PATH, HOME: home, REEKOLECT_CONFIG_DIR: join(home, 'config'), TZ: 'UTC', ...more };
}

/** A sandbox, closed after the tests of the file, and the environment that leads to it. */
export async function openSandbox(
  options: SandboxOptions = {},
): Promise<{ sandbox: Sandbox; env: Env }> {
  const sandbox = await startSandbox(options);
  cleanups.push(() => sandbox.close());
  return { sandbox, env: envOf(sandbox) };
}

export function envOf(service: { readonly url: string; readonly token: string }): Env {
  return { REEKOLECT_API_URL: service.url, REEKOLECT_TOKEN: service.token };
}

/** Starts the program; the caller may send it signals. */
export async function startCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  if (!existsSync(built)) throw new Error('dist/ is missing: run npm run build first');
  const { cwd, input } = options;
  const env = { ...(await cleanEnv(options.env)) };
  const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: 'pipe' });
  return watch(child, input);
}

/** Runs the program to its end. */
export async function runCli(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  return (await startCli(args, options)).ended;
}

/** The same in this process, without the start of one: where a process of its own shows nothing more. */
export async function runInProcess(
  args: readonly string[],
  { env, input = '' }: Pick<CliOptions, 'env' | 'input'> = {},
): Promise<CliResult> {
  const { exit, ...streams } = await runMain(args, { env: await cleanEnv(env), stdin: input });
  return { code: exit, signal: null, ...streams };
}

/** Follows a child with piped streams to its end, e.g. a shell that runs the program. */
export function watch(child: ChildProcess, input = ''): CliRun {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // It may end without reading what it was given.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    child,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    ended,
  };
}
