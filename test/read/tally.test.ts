import { describe, expect, it } from 'vitest';
import { Deduplicator, emptyTally } from '../../src/read/tally.ts';
import { contactOf } from '../support/model-account.ts';

const page = (...ids: string[]) => ids.map(contactOf);

describe('contacts met', () => {
  it('are fresh once, and repeated within a walk', () => {
    const met = new Deduplicator();
    met.beginWalk();
    expect(met.meet(page('a', 'b'))).toEqual({ fresh: page('a', 'b'), repeated: 0 });
    expect(met.meet(page('b', 'c'))).toEqual({ fresh: page('c'), repeated: 1 });
    met.beginWalk();
    expect(met.meet(page('a', 'd'))).toEqual({ fresh: page('d'), repeated: 0 });
    expect(met.tally).toEqual({
      ...emptyTally(),
      pages: 3,
      received: 6,
      unique: 4,
      duplicates: 2,
      late: 1,
      walks: 2,
    });
  });

  it('are counted by walk', () => {
    const met = new Deduplicator(({ key }) => key !== 'new');
    met.beginWalk();
    met.meet(page('a', 'b', 'c'));
    met.meetLate(page('a', 'd'));
    expect(met.counts).toEqual({ met: 4, metAgain: 0, found: 4, missed: 4, calm: true });
    met.beginWalk();
    expect(met.counts).toEqual({ met: 0, metAgain: 0, found: 0, missed: 0, calm: true });
    met.meet(page('b', 'd', 'e'));
    expect(met.counts).toEqual({ met: 3, metAgain: 2, found: 1, missed: 1, calm: true });
    met.beginWalk();
    met.meet(page('a', 'b'));
    // The walk before had not met `a`.
    expect(met.counts).toEqual({ met: 2, metAgain: 1, found: 0, missed: 0, calm: true });
  });

  it('leave a walk calm unless one came twice, or may have come meanwhile', () => {
    const met = new Deduplicator(({ key }) => key !== 'new');
    met.beginWalk();
    met.meet(page('a'));
    met.meetLate(page('a'));
    expect(met.counts.calm).toBe(true);
    met.meet(page('a'));
    expect(met.counts.calm).toBe(false);
    met.beginWalk();
    met.meet(page('new'));
    expect(met.counts).toMatchObject({ calm: false, missed: 0, found: 1 });
    met.beginWalk();
    met.meet(page('new'));
    expect(met.counts.calm).toBe(true);
  });

  it('are shuffled where one of an earlier page stands behind one that is new to the walk', () => {
    const met = new Deduplicator(undefined, ({ key }) => (key > 'x' ? Number.NaN : 0));
    const shuffledBy = (...pages: string[][]) => {
      met.beginWalk();
      for (const ids of pages) met.meet(page(...ids));
      return met.tally.shuffled;
    };
    expect(shuffledBy(['a', 'b', 'c'], ['b', 'd', 'a'])).toBe(true);
    // Rows moved on, since others came in front of them.
    expect(shuffledBy(['a', 'b', 'c'], ['b', 'c', 'd'], ['b', 'c', 'd'])).toBe(false);
    // The service sends it twice side by side.
    expect(shuffledBy(['a', 'b', 'b'], ['c', 'd', 'd', 'e'])).toBe(false);
    // A page came in place of another; the last ones bring nobody new.
    expect(shuffledBy(['a', 'b', 'c'], ['a', 'b', 'c'], ['g', 'h', 'i'])).toBe(true);
    expect(shuffledBy(['a', 'b', 'c'], ['d', 'e', 'f'], ['d', 'e', 'f'])).toBe(false);
    // It is listed twice, far from those that were created at once with it, if any were.
    expect(shuffledBy(['x1', 'x2', 'x3'], ['x4', 'x1', 'x5'])).toBe(false);
  });

  it('leave empty answers uncounted', () => {
    const met = new Deduplicator();
    met.beginWalk();
    met.meet([]);
    met.meetLate([]);
    expect(met.tally).toEqual({ ...emptyTally(), walks: 1 });
    expect(emptyTally()).toMatchObject({ ended: false, keylessTwice: false, stable: undefined });
  });
});
