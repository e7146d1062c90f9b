import { describe, expect, it } from 'vitest';
import { Course } from '../../src/read/course.ts';
import { contactOf } from '../support/model-account.ts';

const rows = (length: number, name = 'row') =>
  Array.from({ length }, (_, index) => contactOf(`${name} ${index}`));

/** A walk over pages of these lengths, none of whose rows came twice. */
function courseOf(...lengths: number[]): Course {
  const course = new Course();
  for (const length of lengths) course.add(rows(length), 0);
  return course;
}

describe('the pages of a walk', () => {
  it.each<[number[], boolean]>([
    [[3], true],
    [[3, 3, 1], true],
    [[3, 3, 3], true],
    [[3, 2, 3], false],
    [[2, 3, 3], false],
    [[3, 3, 4], false],
  ])('of lengths %j can be counted by the last one: %s', (lengths, even) => {
    expect(courseOf(...lengths).countable).toBe(even);
  });

  it('are of one size also where one follows the last that holds nobody new', () => {
    const course = courseOf(3, 3, 2);
    course.add(rows(1), 1);
    expect(course.countable).toBe(true);
    const other = courseOf(3, 2);
    other.add(rows(3), 2);
    expect(other.countable).toBe(false);
  });

  it('are told from pages of other lengths', () => {
    const profiles = [[], [3], [3, 3], [3, 2], [2, 3], [1, 1, 1]].map(
      (lengths) => courseOf(...lengths).profile,
    );
    expect(new Set(profiles).size).toBe(profiles.length);
    expect(courseOf(3, 2).profile).toBe(courseOf(3, 2).profile);
  });

  it('are told from those of the same rows, parted elsewhere or in another order', () => {
    const sequenceOf = (...pages: string[][]) => {
      const course = new Course();
      for (const page of pages) course.add(page.map(contactOf), 0);
      return course.facts.sequence;
    };
    expect(sequenceOf(['a', 'b'], ['c'])).toBe(sequenceOf(['a', 'b'], ['c']));
    expect(sequenceOf(['a', 'b'], ['c'])).not.toBe(sequenceOf(['a'], ['b', 'c']));
    expect(sequenceOf(['a', 'b'], ['c'])).not.toBe(sequenceOf(['b', 'a'], ['c']));
  });

  it('can not be counted once page 1 had another length, but for a lone one', () => {
    const several = courseOf(3, 2);
    several.compareFront(rows(2));
    several.compareFront(rows(3));
    expect(several.facts).toMatchObject({ even: true, resized: true });
    expect(several.countable).toBe(false);
    const lone = courseOf(3);
    lone.compareFront(rows(4));
    expect(lone.countable).toBe(true);
    // It need not have been a whole page.
    lone.grow();
    expect(lone).toMatchObject({ pages: 2, countable: false });
  });

  it('are counted by the last one, in which nobody is missing', () => {
    const course = courseOf(3, 3, 2);
    expect(course.countBy(rows(2))).toBe(8);
    expect([course.isFull(rows(2)), course.isFull(rows(3)), course.isFull(rows(4))]).toEqual([
      false,
      true,
      true,
    ]);
    expect(course.isWhole([contactOf('another'), contactOf('row 1')])).toBe(true);
    expect(course.isWhole(rows(1))).toBe(false);
    expect(course.isWhole([])).toBe(false);
    course.grow();
    expect(course.countBy(rows(1))).toBe(10);
    expect(course.countable).toBe(true);
  });
});
