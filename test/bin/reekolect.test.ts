import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { afterAll, describe, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 30_000 });

const program = fileURLToPath(new URL('../../bin/reekolect.js', import.meta.url));
const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);
const folder = mkdtempSync(join(tmpdir(), 'reekolect-bin-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the program in a Node that says it is another. */
function runAs(node: string) {
  const pretend = join(folder, 'pretend.cjs');
  writeFileSync(
    pretend,
    `Object.defineProperty(process, 'version', { value: 'v${node}' });
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } });`,
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', pretend, program, '--version'],
    { encoding: 'utf8', env: { HOME: folder } },
  );
  return { status, stdout, stderr };
}

describe('an old Node', () => {
  test.each(['0.10.48', '12.22.0', '18.20.4', '20.2.0'])('%s is refused in one line', (node) => {
    expect(runAs(node)).toEqual({
      status: 2,
      stdout: '',
      stderr: `error: reekolect needs Node.js 20.3 or newer; this is v${node}\n`,
    });
  });

  test.each(['20.3.0', '21.0.0', '30.1.0'])('%s is none', (node) => {
    expect(runAs(node)).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('can read the file that says so', () => {
    // What is newer than ES5 is an error here, or comes out changed.
    const options = { target: 'es5', charset: 'utf8', legalComments: 'none' } as const;
    const { code } = transformSync(readFileSync(program, 'utf8'), options);
    const same = transformSync(readFileSync(program, 'utf8'), { ...options, target: 'esnext' });
    expect(code).toBe(same.code);
    expect(code).not.toMatch(/\b(?:const|let|class)\b|=>|`/);
  });
});

describe('answered without the rest of the program', () => {
  const run = (args: readonly string[], options: readonly string[] = []) => {
    const { status, stdout } = spawnSync(process.execPath, [...options, program, ...args], {
      encoding: 'utf8',
      env: { ...process.env, FORCE_COLOR: '' },
    });
    return { status, stdout };
  };
  const runAlone = (flag: string) => {
    const hidden = join(folder, 'hidden.cjs');
    writeFileSync(
      hidden,
      `require('node:module')._extensions['.js'] = ((load) => (module, file) => {
        if (/code-cache|dist/.test(file)) throw new Error(file);
        load(module, file);
      })(require('node:module')._extensions['.js']);`,
    );
    return run([flag], ['--require', hidden]);
  };

  test.each(['--version', '-V'])('%s alone', (flag) => {
    expect(runAlone(flag)).toEqual({ status: 0, stdout: `${version}\n` });
  });

  test.each(['--help', '-h'])('%s in a pipe, in the same words', (flag) => {
    expect(runAlone(flag)).toEqual(run(['--no-color', flag]));
  });
});

test.runIf(process.platform !== 'win32')('it may be run as it is', () => {
  expect(statSync(program).mode & 0o111).toBe(0o111);
});
