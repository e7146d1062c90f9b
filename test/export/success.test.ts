import { expect, test } from 'vitest';
import { durationText, sizeText } from '../../src/export/success.ts';

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [33_957, '34 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [2_500_000_000, '2.5 GB'],
  [9_990_000_000_000_000, '9990 TB'],
])('%i bytes are %s', (bytes, text) => expect(sizeText(bytes)).toBe(text));

test.each([
  [40, '0.0 s'],
  [420, '0.4 s'],
  [9949, '9.9 s'],
  [9950, '10 s'],
  [59_499, '59 s'],
  [59_500, '1 min 0 s'],
  [3_599_400, '59 min 59 s'],
  [3_600_000, '1 h 0 min'],
])('%i ms are %s', (ms, text) => expect(durationText(ms)).toBe(text));
