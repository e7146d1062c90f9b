import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { localError } from '../src/errors.ts';
import { reasonOf } from '../src/reasons.ts';

function failureOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test('a failed call is told in words', () => {
  expect(reasonOf(failureOf(() => readFileSync('/nowhere/at/all')))).toBe('it is not there');
  expect(reasonOf(failureOf(() => readFileSync('/')))).toBe('it is a folder');
  expect(reasonOf('ECONNREFUSED')).toBe('nothing answers on that port');
  expect(reasonOf(new Error('a word of its own'))).toBe('a word of its own');
  expect(reasonOf(localError('file', 'x', 'y'))).not.toMatch(/E[A-Z]/);
});

test.each(Object.keys(constants.errno))('%s is never told by its name', (code) => {
  expect(reasonOf(code)).not.toMatch(/[A-Z]{4}/);
});
