import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { closedStream, wasStdoutClosed } from '../src/closed-stdout.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

type Descriptor = readonly [path: string, flags: string];

const discarding: Descriptor = ['/dev/null', '0100002'];
const pipe: Descriptor = ['pipe:[7]', '01'];

/** A /proc in which process 7, of the program `exe`, has started us. */
function proc(ours: Descriptor, parents: Descriptor | undefined, exe: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'reekolect-proc-'));
  folders.push(folder);
  for (const [name, stdout] of [
    ['self', ours],
    ['7', parents],
  ] as const) {
    for (const part of ['fd', 'fdinfo']) mkdirSync(join(folder, name, part), { recursive: true });
    symlinkSync(exe, join(folder, name, 'exe'));
    if (stdout === undefined) continue;
    symlinkSync(stdout[0], join(folder, name, 'fd/1'));
    writeFileSync(join(folder, name, 'fdinfo/1'), `pos:\t0\nflags:\t${stdout[1]}\n`);
  }
  return folder;
}

const wasClosed = (ours: Descriptor, parents: Descriptor | undefined, exe = '/usr/bin/dash') =>
  wasStdoutClosed(7, proc(ours, parents, exe));

describe('standard output was closed', () => {
  test('where a shell has another one', () => {
    expect(wasClosed(discarding, pipe)).toBe(true);
    expect(wasClosed(discarding, ['/dev/null', '0100001'])).toBe(true);
  });

  test('where whoever started us has none', () => {
    expect(wasClosed(discarding, undefined)).toBe(true);
    expect(wasClosed(discarding, undefined, '/usr/bin/timeout')).toBe(true);
  });
});

describe('standard output was not closed', () => {
  test('where it leads somewhere', () => {
    expect(wasClosed(pipe, pipe)).toBe(false);
    expect(wasClosed(['/dev/null', '0100001'], pipe)).toBe(false);
  });

  test('where a program discards it', () => {
    expect(wasClosed(discarding, pipe, '/usr/bin/python3')).toBe(false);
    expect(wasClosed(discarding, discarding, '/usr/bin/node')).toBe(false);
  });

  test('where a program discards that of a shell', () => {
    expect(wasClosed(discarding, discarding)).toBe(false);
  });

  test('where nobody tells', () => {
    expect(wasStdoutClosed(7, '/nowhere')).toBe(false);
    expect(wasStdoutClosed(8, proc(discarding, pipe, '/usr/bin/dash'))).toBe(false);
  });
});

test('a closed stream refuses every write but an empty one, and never hangs', async () => {
  const stream = closedStream();
  const failures: unknown[] = [];
  stream.on('error', (error) => failures.push(error));
  const write = (text: string) => new Promise((resolve) => stream.write(text, resolve));
  expect(await write('')).toBeFalsy();
  expect(await write('a')).toMatchObject({ code: 'EBADF' });
  expect(await write('b')).toBeInstanceOf(Error);
  expect(await write('')).toBeInstanceOf(Error);
  expect(failures).toMatchObject([{ code: 'EBADF' }]);
});
