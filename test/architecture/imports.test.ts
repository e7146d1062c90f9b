import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const script = fileURLToPath(new URL('imports.js', import.meta.url));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** What the script says about a tree of files, a line for each breach. */
function check(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'reekolect-tree-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return { status, breaches: stdout.split('\n').slice(0, -1) };
}

describe('a tree that keeps the rules', () => {
  test('passes in silence', () => {
    const files = {
      'start.ts': "import { main } from './main.ts';",
      'main.ts': "import { buildProgram } from './program.ts';",
      'program.ts': "import { declare } from './commands/contacts.ts';",
      'commands/contacts.ts': "const list = () => import('./contacts/list.ts');",
      'commands/contacts/list.ts':
        "import './list-define.ts';\nimport './rows.ts';\nimport type { Session } from '../../session.ts';",
      'commands/contacts/list-define.ts': '',
      'commands/contacts/rows.ts': '',
      'session.ts': "import got from './api/client.ts';",
      'api/client.ts': "import got from 'got';\nimport '../records/page.ts';",
      'records/page.ts':
        "import { createHash } from 'node:crypto';\nexport { a } from '../errors.ts';",
      'errors.ts': '// from nowhere\n',
      'version.ts': "import manifest from '../package.json' with { type: 'json' };",
    };
    expect(check(files)).toEqual({ status: 0, breaches: [] });
  });
});

describe('a breach is named, and fails', () => {
  test('a circle that a type import closes', () => {
    const files = {
      'records/a.ts': "import { b } from './b.ts';",
      'records/b.ts': "import {\n  c,\n} from './c.ts';",
      'records/c.ts': "import type { A } from './a.ts';",
    };
    expect(check(files)).toEqual({
      status: 1,
      breaches: ['records/a.ts → records/b.ts → records/c.ts → records/a.ts: a circle'],
    });
  });

  test('a circle of two files, one loaded on demand, and one of a single file', () => {
    const files = {
      'output/a.ts': "export type { B } from './b.ts';",
      'output/b.ts': "const a = async () => import('./a.ts');",
      'output/c.ts': "type C = import('./c.ts').C;",
    };
    expect(check(files).breaches).toEqual([
      'output/a.ts → output/b.ts → output/a.ts: a circle',
      'output/c.ts → output/c.ts: a circle',
    ]);
  });

  const arrow = (from: string, to: string) => {
    const up = '../'.repeat(from.split('/').length - 1) || './';
    return check({ [from]: `import type { X } from '${up}${to}';`, [to]: '' }).breaches;
  };

  test.each([
    ['read/walk.ts', 'export/run.ts', 'an arrow up: export is above read'],
    ['errors.ts', 'context.ts', 'an arrow up: context is above errors'],
    ['main.ts', 'start.ts', 'an arrow up: start is above main'],
    ['export/run.ts', 'sync/run.ts', 'export and sync are of one rank'],
    ['state/job.ts', 'read/walk.ts', 'state and read are of one rank'],
    ['export/run.ts', 'commands/contacts/list.ts', 'commands is for program alone'],
    ['export/run.ts', 'cli/flags.ts', 'cli is for commands, main, program, man alone'],
    [
      'read/walk.ts',
      'session.ts',
      'session is for commands, cli, export, sync, watch, resume, query alone',
    ],
    ['read/walk.ts', 'terminal/log.ts', 'read never imports terminal'],
    ['output/csv.ts', 'records/page.ts', 'output never imports records'],
    ['main.ts', 'tools.ts', 'tools has no rank in rules.js'],
  ])('%s → %s', (from, to, why) => {
    expect(arrow(from, to)).toEqual([`${from} → ${to}: ${why}`]);
  });

  test.each([
    ['records/page.ts', 'api/client.ts'],
    ['files/lock.ts', 'terminal/log.ts'],
    ['sandbox/server.ts', 'records/page.ts'],
  ])('%s → %s, from a room that may import a few only', (from, to) => {
    expect(arrow(from, to)).toEqual([expect.stringMatching(`^${from} → ${to}: .* may import .*`)]);
  });

  test.each([
    ['commands/contacts/list.ts', 'commands/contacts/export.ts'],
    ['commands/contacts/list.ts', 'commands/contacts/export-run.ts'],
    ['commands/contacts/list.ts', 'commands/view/stored.ts'],
    ['commands/contacts/list.ts', 'commands/contacts.ts'],
    ['commands/contacts.ts', 'commands/view.ts'],
  ])('%s → %s, another command', (from, to) => {
    expect(arrow(from, to)).toHaveLength(1);
  });

  test.each([
    ["import got from 'got';", 'got: got is for api alone'],
    ["const { got } = await import('got');", 'got: got is for api alone'],
    ["import { readFile } from 'node:fs/promises';", "of Node's modules records may use crypto"],
    ["import process from 'node:process';", "of Node's modules records may use crypto"],
    ["import x from '../../secret.ts';", 'it is outside of src'],
  ])('records with %s', (line, why) => {
    const { status, breaches } = check({ 'records/page.ts': line });
    expect(status).toBe(1);
    expect(breaches).toEqual([expect.stringContaining(why)]);
  });

  test('a file or a room that has grown too long', () => {
    const long = (lines: number) => 'const x = 1;\n'.repeat(lines);
    const sandbox = [1, 2, 3, 4, 5, 6].map((n) => [`sandbox/${n}.ts`, long(220)]);
    const files = { 'main.ts': long(251), 'program.ts': long(250), ...Object.fromEntries(sandbox) };
    expect(check(files).breaches).toEqual([
      'main.ts: 251 lines, more than 250',
      'sandbox/: 1320 lines, more than 1300',
    ]);
  });
});
