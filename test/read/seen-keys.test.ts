import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SeenKeys } from '../../src/read/seen-keys.ts';

/** Ids as MongoDB makes them: seconds, five bytes of one machine, a counter. */
function objectIds(count: number, perSecond: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const seconds = (0x65000000 + Math.floor(index / perSecond)).toString(16);
    return `${seconds}c0ffee1234${(0xabc000 + index).toString(16).slice(-6)}`;
  });
}

describe('which contacts were seen', () => {
  it('tells a new one from one met in this walk or in an earlier one', () => {
    const seen = new SeenKeys();
    const key = '66e07fd940c43d176eaf0b71';
    expect(seen.meet(key, 1)).toBe(0);
    expect(seen.meet(key, 1)).toBe(1);
    expect(seen.meet(key, 4)).toBe(1);
    expect(seen.meet(key, 5)).toBe(4);
    expect(seen.size).toBe(1);
  });

  it('takes keys of every kind for what they are', () => {
    const keys = [
      '',
      '0',
      '000000000000000000000000',
      '00000000000000000000000',
      '0000000000000000000000000',
      'ffffffffffffffffffffffff',
      'FFFFFFFFFFFFFFFFFFFFFFFF',
      'zzzzzzzzzzzzzzzzzzzzzzzz',
      '__proto__',
      'Zoë 😀',
      ' 66e07fd940c43d176eaf0b71',
      '66e07fd940c43d176eaf0b71',
      '{"a":1}',
      'half \ud800',
      'half \ud801',
      'x'.repeat(100_000),
    ];
    const seen = new SeenKeys();
    expect(keys.map((key) => seen.meet(key, 1))).toEqual(keys.map(() => 0));
    expect(keys.map((key) => seen.meet(key, 2))).toEqual(keys.map(() => 1));
    expect(seen.size).toBe(keys.length);
  });

  for (const [name, place] of [
    ['begin', 0],
    ['middle', 8],
    ['end', 16],
  ] as const) {
    it(`tells ids apart that differ in their ${name} alone`, () => {
      // 700 keys in 1024 places: neighbours meet all the time.
      const keys = Array.from({ length: 700 }, (_, index) => {
        const part = (index * 7919).toString(16).padStart(8, '0');
        return `${'5'.repeat(place)}${part}${'5'.repeat(16 - place)}`;
      });
      const seen = new SeenKeys();
      for (const key of keys) expect(seen.meet(key, 1)).toBe(0);
      for (const key of keys) expect(seen.meet(key, 1)).toBe(1);
    });
  }

  for (const [name, keys] of Object.entries({
    'a million ids made one a second': () => objectIds(1_000_000, 1),
    'a million ids of one import': () => objectIds(1_000_000, 100_000),
    'two hundred thousand other keys': () =>
      Array.from({ length: 200_000 }, (_, index) =>
        createHash('md5').update(`${index}`).digest('base64'),
      ),
  })) {
    it(`holds ${name}, each once, in some 40 MB`, () => {
      const all = keys();
      const before = process.memoryUsage().arrayBuffers;
      const seen = new SeenKeys();
      let fresh = 0;
      for (const key of all) if (seen.meet(key, 1) === 0) fresh += 1;
      expect(fresh).toBe(all.length);
      expect(seen.size).toBe(all.length);
      let known = 0;
      for (const key of all) if (seen.meet(key, 2) === 1) known += 1;
      expect(known).toBe(all.length);
      // 13 bytes a place, doubled at 70 % full; the smaller arrays before may wait to be freed.
      const grown = process.memoryUsage().arrayBuffers - before;
      expect(grown / 2 ** 20).toBeLessThan(60);
    }, 30_000);
  }
});
