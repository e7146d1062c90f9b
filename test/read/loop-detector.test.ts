import { describe, expect, it } from 'vitest';
import { LoopDetector } from '../../src/read/loop-detector.ts';
import { contactOf } from '../support/model-account.ts';

/** Pages as words of contacts; returns the number of the one at which the walk is given up. */
function givenUpAt(...pages: string[]): number | undefined {
  const loop = new LoopDetector();
  const met = new Set<string>();
  for (const [index, page] of pages.entries()) {
    const keys = page.split(' ').filter(Boolean);
    const repeated = keys.filter((key) => met.has(key)).length;
    for (const key of keys) met.add(key);
    try {
      loop.check(keys.map(contactOf), repeated);
    } catch (error) {
      expect(error).toMatchObject({
        exit: 8,
        code: 'repeating-service',
        message: `the service repeats itself: up to page ${index + 1} the last pages bring nothing new`,
        hint: expect.stringContaining('some contacts may be missing'),
      });
      return index + 1;
    }
  }
  return undefined;
}

describe('a service repeats itself', () => {
  it.each([
    ['when the same page comes three times more', ['a b', 'a b', 'a b', 'a b', 'a b'], 5],
    ['not before that', ['a b', 'a b', 'a b', 'a b'], undefined],
    ['after many others too', ['a', 'b', 'c', 'd', 'd', 'd', 'd', 'd'], 8],
    [
      'when a round of pages comes again, and three more than there were',
      ['a', 'b', 'a', 'b', 'a', 'b', 'a'],
      7,
    ],
    ['not when all shifted once', ['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b'], undefined],
    [
      'not while news come in between',
      ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'a c', 'c', 'c', 'c'],
      undefined,
    ],
    ['not for other pages in between', ['a', 'b', 'b', 'b', 'a', 'b', 'c'], undefined],
    ['not for pages that are told apart by their ends', ['a b', 'c', 'a', 'b', 'a b'], undefined],
  ])('%s', (_, pages, expected) => expect(givenUpAt(...pages)).toBe(expected));
});
