import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ignoredAtStart } from '../src/signals.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const bit = (signal: number) => 2 ** (signal - 1);

/** A /proc in which process 7 is the parent. */
function proc({ mask = 0, exe = '/usr/bin/bash', stdin = '0100000' }): string {
  const folder = mkdtempSync(join(tmpdir(), 'reekolect-proc-'));
  folders.push(folder);
  mkdirSync(join(folder, '7'));
  mkdirSync(join(folder, 'self/fdinfo'), { recursive: true });
  const fields = Array.from({ length: 50 }, (_, at) => (at === 28 ? mask : 0));
  writeFileSync(join(folder, '7/stat'), `7 (a) b (c)) S 1 ${fields.join(' ')}\n`);
  symlinkSync(exe, join(folder, '7/exe'));
  writeFileSync(join(folder, 'self/fdinfo/0'), `pos:\t0\nflags:\t${stdin}\nmnt_id:\t1\n`);
  return folder;
}

const ignored = (parent: Parameters<typeof proc>[0], env = {}) => [
  ...ignoredAtStart(env, 7, proc(parent)),
];

describe('what was ignored when the process started', () => {
  test('nothing, as a rule', () => {
    expect(ignored({})).toEqual([]);
    expect([...ignoredAtStart({}, 7, '/nowhere')]).toEqual([]);
  });

  test('what a shell that started it ignores', () => {
    const mask = bit(1) + bit(2) + bit(15);
    for (const shell of ['bash', 'dash', 'zsh', 'busybox']) {
      expect(ignored({ mask, exe: `/bin/${shell}` })).toEqual(['SIGHUP', 'SIGINT', 'SIGTERM']);
    }
    expect(ignored({ mask: bit(2) })).toEqual(['SIGINT']);
  });

  test('not what another program ignores while it waits, as time(1) does with Ctrl-C', () => {
    expect(ignored({ mask: bit(2) + bit(3), exe: '/usr/bin/time' })).toEqual([]);
  });

  test('not SIGTERM, which a shell at a terminal ignores for itself', () => {
    expect(ignored({ mask: bit(3) + bit(15) + bit(20) + bit(21) + bit(22) })).toEqual([]);
    expect(ignored({ mask: bit(1) + bit(15) + bit(20) })).toEqual(['SIGHUP']);
  });

  test('SIGHUP under nohup, by its name or by a stdin that can only be written', () => {
    expect(ignored({}, { _: '/usr/bin/nohup' })).toEqual(['SIGHUP']);
    expect(ignored({ stdin: '0100001' })).toEqual(['SIGHUP']);
    expect(ignored({ stdin: '02' }, { _: '/usr/bin/node' })).toEqual([]);
  });
});
