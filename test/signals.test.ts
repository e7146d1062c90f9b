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

/** A process as /proc shows it. */
interface Shown {
  readonly mask?: number;
  readonly group?: number;
  readonly exe?: string;
  /** What standard input is, and the flags that it was opened with. */
  readonly stdin?: readonly [path: string, flags: string];
}

/** A /proc in which we are `self` and process 7 is the parent. */
function proc(self: Shown, parent: Shown): string {
  const folder = mkdtempSync(join(tmpdir(), 'reekolect-proc-'));
  folders.push(folder);
  for (const [name, shown] of [
    ['self', self],
    ['7', parent],
  ] as const) {
    const { mask = 0, group = 1, exe = '/usr/bin/bash', stdin = ['/dev/pts/1', '02'] } = shown;
    for (const part of ['fd', 'fdinfo']) mkdirSync(join(folder, name, part), { recursive: true });
    const fields = Array.from({ length: 50 }, (_, at) => (at === 1 ? group : at === 29 ? mask : 0));
    writeFileSync(join(folder, name, 'stat'), `7 (a) b (c)) S ${fields.join(' ')}\n`);
    symlinkSync(exe, join(folder, name, 'exe'));
    symlinkSync(stdin[0], join(folder, name, 'fd/0'));
    writeFileSync(join(folder, name, 'fdinfo/0'), `pos:\t0\nflags:\t${stdin[1]}\nmnt_id:\t1\n`);
  }
  return folder;
}

const ignored = (parent: Shown, self: Shown = {}, env = {}) => [
  ...ignoredAtStart(env, 7, proc(self, parent)),
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
    expect(ignored({}, {}, { _: '/usr/bin/nohup' })).toEqual(['SIGHUP']);
    expect(ignored({}, { stdin: ['/dev/null', '0100001'] })).toEqual(['SIGHUP']);
    expect(ignored({}, {}, { _: '/usr/bin/node' })).toEqual([]);
  });

  test('what a build of Node that resets nothing still ignores', () => {
    expect(ignored({}, { mask: bit(1) + bit(15) + bit(13) })).toEqual(['SIGHUP', 'SIGTERM']);
  });

  describe('Ctrl-C, by a script that put us behind with &', () => {
    const nothing = ['/dev/null', '0100000'] as const;

    test('for whom it opened /dev/null', () => {
      for (const exe of ['/bin/dash', '/bin/bash', '/bin/busybox']) {
        expect(ignored({ exe }, { stdin: nothing })).toEqual(['SIGINT']);
      }
      expect(ignored({ stdin: ['/dev/null', '0100002'] }, { stdin: nothing })).toEqual(['SIGINT']);
    });

    test.each<[string, Shown, Shown]>([
      ['an input like the one of the script', { stdin: nothing }, { stdin: nothing }],
      ['an input of its own', {}, { stdin: ['/tmp/file', '0100000'] }],
      ['a group of its own, as at a prompt', {}, { stdin: nothing, group: 2 }],
      ['a parent that is no shell', { exe: '/usr/bin/node' }, { stdin: nothing }],
    ])('not with %s', (_name, parent, self) => {
      expect(ignored(parent, self)).toEqual([]);
    });
  });
});
