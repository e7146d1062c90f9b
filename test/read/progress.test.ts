import { describe, expect, test } from 'vitest';
import { type Progress, progressText } from '../../src/read/progress.ts';

const second: Progress = {
  tally: { unique: 3400, walks: 1 },
  things: 'contacts',
  total: undefined,
  rate: 1700,
  pauseMs: 0,
  width: 40,
  unicode: true,
};

const exactly = (count: number) => ({ count, rough: false });
const roughly = (count: number) => ({ count, rough: true });

const text = (changed: Partial<Progress> = {}) => progressText({ ...second, ...changed });

describe('progress says', () => {
  test.each<readonly [changed: Partial<Progress>, text: string]>([
    [{ tally: { unique: 0, walks: 1 }, rate: undefined }, '0 contacts'],
    [{ rate: undefined }, '3,400 contacts'],
    [{}, '3,400 contacts · 1,700/s'],
    [{ matching: 1200 }, '3,400 contacts · 1,200 match · 1,700/s'],
    [{ total: exactly(8000) }, '3,400 contacts · 1,700/s · 42 % · 0:03 left'],
    [{ total: roughly(8000) }, '3,400 contacts · 1,700/s · ~42 % · ~0:03 left'],
    [{ total: exactly(3400) }, '3,400 contacts · 1,700/s · 100 % · 0:00 left'],
    // More than there should be: nobody knows how many are left.
    [{ total: exactly(3399) }, '3,400 contacts · 1,700/s'],
    [{ total: exactly(8000), tally: { unique: 0, walks: 1 }, rate: undefined }, '0 contacts'],
    [{ total: exactly(1_000_000) }, '3,400 contacts · 1,700/s · 0 % · 9:47 left'],
    [{ total: exactly(10_000_000) }, '3,400 contacts · 1,700/s · 0 % · 1:38:01 left'],
    [{ total: exactly(34_000), rate: undefined, width: 20 }, '3,400 contacts · 10 %'],
    [
      { total: exactly(8000), tally: { unique: 8000, walks: 2 } },
      '8,000 contacts · walk 2, checking that none is missing',
    ],
    [{ pauseMs: 61_000 }, '3,400 contacts · 1,700/s · the service asks to wait 1:01'],
  ])('%j: %s', (changed, expected) => {
    expect(text(changed)).toBe(expected);
  });
});

describe('the bar', () => {
  const half: Partial<Progress> = { total: exactly(6800) };

  test.each<readonly [width: number, bar: string]>([
    [56, ''],
    [57, ' █████░░░░░'],
    [80, ` ${'█'.repeat(15)}${'░'.repeat(15)}`],
    [200, ` ${'█'.repeat(15)}${'░'.repeat(15)}`],
  ])('on %i columns: %s', (width, bar) => {
    expect(text({ ...half, width })).toBe(`3,400 contacts · 1,700/s · 50 % · 0:02 left${bar}`);
  });

  test('is of plain characters where the locale has no others', () => {
    expect(text({ ...half, width: 57, unicode: false })).toContain('left #####.....');
  });

  test('is full at the end, and empty at the start', () => {
    expect(text({ total: exactly(3400), width: 60 })).toMatch(/█{10}$/);
    expect(text({ total: exactly(1_000_000), width: 60 })).toMatch(/░{10}$/);
  });
});
