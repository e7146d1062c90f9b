import { describe, expect, it } from 'vitest';
import { isComplete, isStable, type WalkFacts, wasListed } from '../../src/read/completeness.ts';

/** A walk over a quiet account that proves nothing by itself. */
const facts: WalkFacts = {
  met: 10,
  metAgain: 10,
  found: 1,
  missed: 0,
  metAllKnown: true,
  even: true,
  profile: 1,
  sequence: '1 2',
  resized: false,
  calm: false,
  shuffled: false,
  counted: false,
  inOrder: false,
};

describe('where nobody is deleted, all are known', () => {
  it.each<[string, Partial<WalkFacts>, boolean]>([
    ['when the account holds no more than were met', { counted: true }, true],
    ['even if a page differed then', { counted: true, metAllKnown: false, even: false }, true],
    ['not just because a walk ended', {}, false],
    ['not when it holds more, though a walk found nobody', { found: 0, calm: true }, false],
    ['when a walk asked for one page at a time', { inOrder: true }, true],
    ['but not when it met fewer than are known', { inOrder: true, metAllKnown: false }, false],
    ['nor when pages got longer', { inOrder: true, resized: true }, false],
    ['nor when they differed', { inOrder: true, even: false }, false],
    ['nor when pages held others of earlier pages', { inOrder: true, shuffled: true }, false],
    ['not even when it met the very same rows', { shuffled: true, sequence: '3 4' }, false],
    ['but when those were all whom it holds', { shuffled: true, counted: true }, true],
    ['when pages differ, and a walk was quiet', { even: false, found: 0, calm: true }, true],
    [
      'but not when its pages were other ones than in the walk before',
      { even: false, found: 0, calm: true, profile: 2 },
      false,
    ],
    ['when it met the very same rows again', { even: false, sequence: '3 4' }, true],
    ['but not when it found somebody', { even: false, found: 1, calm: true }, false],
    ['nor when it met somebody twice', { even: false, found: 0 }, false],
    [
      'nor when it met fewer than are known',
      { even: false, found: 0, calm: true, metAllKnown: false },
      false,
    ],
    ['nor when they got longer', { even: false, found: 0, calm: true, resized: true }, false],
  ])('%s', (_, some, expected) => {
    const before = { ...facts, found: 10, sequence: '3 4' };
    expect(isComplete({ ...facts, ...some }, before)).toBe(expected);
  });
});

describe('where some are deleted, a walk is proven by the one after it', () => {
  const counted = { ...facts, counted: true };
  it.each<[string, WalkFacts, Partial<WalkFacts>, boolean]>([
    ['when all that it had met exist still', counted, {}, true],
    ['not when one is gone', counted, { metAgain: 9 }, false],
    ['not when one turns up that was there', counted, { missed: 1 }, false],
    ['not when it was not counted', facts, {}, false],
    ['when it was calm and can not be counted', { ...facts, calm: true, even: false }, {}, true],
    [
      'not when its pages were other ones',
      { ...facts, calm: true, even: false, profile: 2 },
      {},
      false,
    ],
    ['not when they changed', { ...facts, calm: true, even: false, resized: true }, {}, false],
    ['not when it was not calm', { ...facts, even: false }, {}, false],
    ['not when it could be counted', { ...facts, calm: true }, {}, false],
  ])('%s', (_, before, some, expected) => {
    expect(isStable(before, { ...facts, ...some })).toBe(expected);
  });
});

it('contacts created within the hour before the run may have been listed later', () => {
  const began = Date.parse('2026-11-01T12:00:00Z');
  expect(wasListed(Date.parse('2026-11-01T11:00:00Z'), began)).toBe(true);
  expect(wasListed(Date.parse('2026-11-01T11:00:01Z'), began)).toBe(false);
  expect(wasListed(Date.parse('2026-11-01T13:00:00Z'), began)).toBe(false);
  // Nothing says that they were not.
  expect(wasListed(Number.NaN, began)).toBe(true);
});
