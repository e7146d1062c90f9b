import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicNames } from '../src/cli/help/topic-names.ts';
import { topicText } from '../src/cli/help/topics.ts';
import { commandsOf } from '../src/cli/help/tree.ts';
import { exitCodes } from '../src/errors.ts';
import { main } from '../src/main.ts';
import { wholeProgram } from '../src/program.ts';
import { bots, customerId } from '../src/sandbox/account.ts';
import { FakeOutput } from './support/context.ts';

const path = fileURLToPath(new URL('../README.md', import.meta.url));
const cli = fileURLToPath(new URL('../bin/reekolect.js', import.meta.url));
const readme = readFileSync(path, 'utf8');
const program = await wholeProgram();

describe('the README', () => {
  it('is at most 300 lines', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(300);
  });

  it('names every exit code', () => {
    const table = /## Exit codes\n(.*?)\n## /s.exec(readme)?.[1] ?? '';
    const named = [...table.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, codes = '']) =>
      codes.split(', ').map(Number),
    );
    expect(named).toEqual(Object.values(exitCodes));
  });

  it('names each field of a --body, as the help does: the service may ignore others', () => {
    for (const text of [readme, topicText('filters', 80)]) {
      const bodies = [...text.matchAll(/--body '(\{.*?\})'/g)].map(([, body = '']) =>
        JSON.parse(body),
      );
      expect(bodies.length).toBeGreaterThan(0);
      for (const { applicableFilters, ...fields } of bodies) {
        expect(applicableFilters).toEqual(Object.keys(fields));
      }
    }
  });
});

/** What each command of the pictures of a terminal shows, by the command line. */
const pictures = [...readme.matchAll(/```console\n(.*?)```/gs)].flatMap(([, block = '']) =>
  [...block.matchAll(/^\$ reekolect (.*)\n((?:(?!\$ ).*\n)*)/gm)].map(
    ([, line = '', shown = '']) => [line, shown] as const,
  ),
);

describe('the picture of a terminal', () => {
  it('is of several commands', () => expect(pictures.length).toBeGreaterThan(2));

  it.each(pictures)('reekolect %s', async (line, shown) => {
    // A terminal of 80 columns, standard error included; CI so that nothing moves there.
    const terminal = new FakeOutput(true, 80);
    const code = await main({
      args: (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", '')),
      stdin: process.stdin,
      stdout: terminal,
      stderr: terminal,
      env: { LANG: 'C.UTF-8', NO_COLOR: '1', CI: '1', TZ: 'UTC', REEKOLECT_CONFIG_DIR: '/nowhere' },
      signal: new AbortController().signal,
      now: () => new Date(),
    });
    expect(code).toBe(0);
    const text = terminal.text.replace(/ +$/gm, '');
    expect(text).toBe(shown.replace(/\n\n$/, '\n'));
  });
});

/** What needs a person, an account of one's own, or never ends. */
const notRun =
  /auth (login|logout)|--profile work|reekolect sandbox|completion|npm install|watch .*--(every|exec)/;

function examples(): readonly string[] {
  const blocks = [...readme.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const helped = commandsOf(program).flatMap((command) => command.examples);
  const lines = [...blocks, ...helped].map((line) => line.replace(/\s+#.*$/, '').trim());
  return [...new Set(lines)].filter((line) => /\breekolect /.test(line) && !notRun.test(line));
}

describe('every example of the README and of the help', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reekolect-readme-'));
  const prepared = join(folder, 'prepared');
  mkdirSync(prepared);
  const run = (line: string, cwd = prepared) =>
    new Promise<{ code: number | null; output: string }>((resolve) => {
      const script = `set -o pipefail; reekolect() { "$NODE" "$CLI" "$@"; }; ${line}`;
      const child = spawn('bash', ['-c', script], {
        cwd,
        env: {
          PATH: process.env['PATH'],
          HOME: cwd,
          NODE: process.execPath,
          CLI: cli,
          REEKOLECT_PROFILE: 'sandbox',
          REEKOLECT_CONFIG_DIR: join(cwd, 'config'),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          output += chunk;
        });
      }
      child.on('close', (code) => resolve({ code, output }));
    });

  beforeAll(async () => {
    // The examples of views, profiles and jobs stand on those of making them.
    await run('reekolect view save vip --tag vip --online');
    await run(
      'echo a-token-0123456789 | reekolect auth login --profile work --with-token --no-verify',
    );
    writeFileSync(
      join(prepared, 'snippet.html'),
      `<script>${bots.website[0]?._id},${customerId}</script>`,
    );
    for (const job of ['nightly', 'leads']) {
      await run(`reekolect contacts export --since-last ${job} -o ${job}.csv`);
    }
  }, 30_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.concurrent.each(examples())('%s', { timeout: 60_000 }, async (line) => {
    const own = mkdtempSync(join(folder, 'own-'));
    if (!line.startsWith('reekolect view save vip ')) cpSync(prepared, own, { recursive: true });
    const { code, output } = await run(line, own);
    // Nobody in the sandbox may be whom the example looks for.
    expect([0, 9], output).toContain(code);
    expect(output).not.toMatch(/a bug in reekolect|command not found/);
  });

  it('covers more than the quick start', () => {
    expect(examples().length).toBeGreaterThan(30);
    expect(topicNames).toContain('cron');
  });
});
