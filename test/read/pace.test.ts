import { expect, test } from 'vitest';
import { Pace } from '../../src/read/pace.ts';

test('a slow start is forgotten soon', () => {
  const pace = new Pace();
  // A page after a second, then eight a second.
  const counts = [0, 50, 450, 850, 1250];
  const rates = counts.map((count, second) => pace.at(second * 1000, count));
  expect(rates).toEqual([undefined, 50, 400, 400, 400]);
});

test('nothing is told too soon, nor where nothing was read of late', () => {
  const pace = new Pace();
  expect(pace.at(500, 100)).toBeUndefined();
  expect(pace.at(600, 100)).toBeCloseTo(166.7, 1);
  expect(pace.at(1200, 100)).toBeUndefined();
});

test('after a long time the last half minute counts', () => {
  const pace = new Pace();
  for (let second = 0; second <= 600; second += 1) pace.at(second * 1000, second * 10);
  for (let second = 601; second <= 630; second += 1) {
    pace.at(second * 1000, 6000 + (second - 600) * 40);
  }
  expect(pace.at(630_000, 7200)).toBe(40);
});
