import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import {
  type Holder,
  isLockText,
  isOtherBoot,
  judge,
  lockText,
  ourIdentity,
  parseConcluded,
  parseHolder,
  psStart,
} from '../../src/files/lock-holder.ts';

const us = { pid: 10, born: '5', host: 'here', boot: 'b1', namespace: 'pid:[1]' };
const holder: Holder = { ...us, pid: 20, born: '7', since: '2026-11-01T00:00:00.000Z' };

describe('a holder is', () => {
  const rows: [string, Partial<Holder>, string | undefined, string][] = [
    ['alive while its process is the one that took the lock', {}, '7', 'alive'],
    ['dead when its process is gone', {}, 'gone', 'dead'],
    ['dead when its id belongs to a later process', {}, '8', 'dead'],
    ['unseen when the start of its process cannot be read', {}, undefined, 'unseen'],
    ['unseen when it did not say when it started', { born: '' }, '7', 'unseen'],
    [
      'dead when its process is gone, though it did not say when it started',
      { born: '' },
      'gone',
      'dead',
    ],
    ['unseen from another machine', { host: 'there' }, 'gone', 'unseen'],
    ['unseen from another process namespace', { namespace: 'pid:[2]' }, 'gone', 'unseen'],
    ['unseen from another boot', { boot: 'b2' }, 'gone', 'unseen'],
    ['dead with the id 0', { pid: 0 }, '7', 'dead'],
    ['dead with an id below 0, even elsewhere', { pid: -1, host: 'there' }, '7', 'dead'],
    ['dead with an id that is no whole number', { pid: 1.5 }, '7', 'dead'],
  ];
  it.each(rows)('%s', (_name, change, found, verdict) => {
    expect(judge({ ...holder, ...change }, us, () => found)).toBe(verdict);
  });

  it.each([{ boot: '', namespace: '' }, { boot: '' }, { namespace: '' }])(
    'unseen where the system does not name both boot and namespace: %j',
    (unnamed) => {
      const verdict = judge({ ...holder, ...unnamed }, { ...us, ...unnamed }, () => '7');
      expect(verdict).toBe(process.platform === 'linux' ? 'unseen' : 'alive');
    },
  );

  it('alive when it is this very process', () => {
    const here = ourIdentity();
    expect(judge({ ...here, since: '' }, here)).toBe('alive');
    expect(judge({ ...here, since: '', pid: 2 ** 22 + 1 }, here)).toBe('dead');
    expect(judge({ ...here, since: '', pid: 2 ** 22 + 1, born: '' }, here)).toBe('dead');
  });
});

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  it('a process is told from all others that ever had its id', () => {
    const stat = readFileSync('/proc/self/stat', 'latin1').trim().split(' ');
    expect(ourIdentity()).toEqual({
      pid: process.pid,
      born: stat.at(21),
      host: hostname(),
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
      namespace: expect.stringMatching(/^pid:\[\d+\]$/),
    });
  });

  it('one that has ended is dead, though its parent has not heard of that', async () => {
    // It ends once its parent is a program that does not ask after it.
    const child = 'until grep -q sleep /proc/$$/comm; do sleep 0.02; done';
    const parent = spawn('sh', ['-c', `(${child}) & echo $!; exec sleep 60`]);
    const [said] = await once(parent.stdout, 'data');
    const pid = Number(said);
    const fields = () => readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ');
    await expect.poll(() => fields()[2], { timeout: 20_000 }).toBe('Z');
    const here = ourIdentity();
    expect(judge({ ...here, since: '', pid, born: fields()[21] ?? '' }, here)).toBe('dead');
    parent.kill();
  });
});

const hasPs = spawnSync('ps', ['-o', 'lstart=', '-p', `${process.pid}`]).status === 0;

it.skipIf(!hasPs)('where there is no /proc, ps tells when a process started (needs ps)', () => {
  const started = psStart(process.pid);
  expect(started).toMatch(/^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/);
  expect(psStart(process.pid)).toBe(started);
  expect(psStart(2 ** 22 + 1)).toBeUndefined();
});

it.skipIf(!hasPs)('ps tells the same to a run in another zone and language (needs ps)', () => {
  const started = psStart(process.pid);
  vi.stubEnv('TZ', 'Asia/Tokyo');
  vi.stubEnv('LC_ALL', 'de_DE.UTF-8');
  expect(psStart(process.pid)).toBe(started);
  vi.unstubAllEnvs();
});

describe('what a holder had concluded', () => {
  const done = { path: '/out.csv', inode: 7, bytes: 12, sha256: 'abc', request: 'it' };

  it('is in its lock', () => {
    expect(parseConcluded(lockText(us, done))).toEqual(done);
    expect(parseConcluded(lockText(us))).toBeUndefined();
  });

  it.each([
    '',
    '{"pid":1,"concl',
    'null',
    '{"concluded":null}',
    '{"concluded":{}}',
    '{"concluded":{"path":7,"sha256":"abc"}}',
    '{"concluded":{"path":"/out.csv"}}',
    '{"concluded":{"path":"/out.csv","inode":7,"bytes":12,"sha256":"abc"}}',
  ])('is nothing in %s', (text) => expect(parseConcluded(text)).toBeUndefined());
});

it('another boot is one of the same machine', () => {
  expect(isOtherBoot({ ...holder, boot: 'b2' }, us)).toBe(true);
  expect(isOtherBoot({ ...holder, boot: 'b2', host: 'there' }, us)).toBe(false);
  expect(isOtherBoot(holder, us)).toBe(false);
  expect(isOtherBoot({ ...holder, boot: '' }, us)).toBe(false);
  expect(isOtherBoot(holder, { ...us, boot: '' })).toBe(false);
});

it('what is written is read, and no two are the same', () => {
  const text = lockText(us);
  expect(parseHolder(text)).toMatchObject(us);
  expect(lockText(us)).not.toBe(text);
  for (let end = 0; end < text.length; end += 1) expect(isLockText(text.slice(0, end))).toBe(true);
  for (const other of ['my notes', '{"packages":', '[]', '\0x']) {
    expect(isLockText(other)).toBe(false);
  }
});

it.each(['', '{"pid":1', '\0\0', 'null', '7'])('text that is torn holds no name: %j', (text) => {
  expect(parseHolder(text)).toBeUndefined();
});

it('of a name that is odd, what can be read is', () => {
  const { host, since } = holder;
  expect(parseHolder(JSON.stringify({ pid: 'x', born: 5, host, boot: null, since }))).toEqual({
    pid: Number.NaN,
    born: '',
    host,
    boot: '',
    namespace: '',
    since,
  });
});
