import { describe, expect, it } from 'vitest';
import {
  type Holder,
  isLockText,
  isOtherBoot,
  judge,
  lockText,
  ourIdentity,
  parseHolder,
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

  it('unseen where the system names neither boot nor namespace', () => {
    const unnamed = { boot: '', namespace: '' };
    const verdict = judge({ ...holder, ...unnamed }, { ...us, ...unnamed }, () => '7');
    expect(verdict).toBe(process.platform === 'linux' ? 'unseen' : 'alive');
  });

  it('alive when it is this very process', () => {
    const here = ourIdentity();
    expect(judge({ ...here, since: '' }, here)).toBe('alive');
    expect(judge({ ...here, since: '', pid: 2 ** 22 + 1 }, here)).toBe('dead');
  });
});

it('another boot is one of the same machine', () => {
  expect(isOtherBoot({ ...holder, boot: 'b2' }, us)).toBe(true);
  expect(isOtherBoot({ ...holder, boot: 'b2', host: 'there' }, us)).toBe(false);
  expect(isOtherBoot(holder, us)).toBe(false);
  expect(isOtherBoot({ ...holder, boot: '' }, us)).toBe(false);
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
