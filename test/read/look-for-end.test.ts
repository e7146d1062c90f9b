import { expect, test } from 'vitest';
import { Throttle } from '../../src/api/throttle.ts';
import { type ExplainedError, usageError } from '../../src/errors.ts';
import { lookForEnd } from '../../src/read/look-for-end.ts';
import type { Page } from '../../src/records/page.ts';

const refused = (status: number): ExplainedError =>
  Object.assign(usageError('no', 'no'), { status });

/** Looks for the end of a service that holds 400 pages, of which the walk has read 200. */
async function look(beyond: () => Page, signal = new AbortController().signal) {
  const throttle = new Throttle({ concurrency: 8 });
  throttle.succeeded(0);
  const asked: number[] = [];
  const fetchPage = async (page: number) => {
    asked.push(page);
    return page > 400 ? beyond() : ({ records: [{ key: `${page}` }] } as unknown as Page);
  };
  const known = [];
  const ends = lookForEnd({ fetchPage, throttle, reached: () => 200, signal });
  for await (const end of ends) known.push(end);
  return { known, asked };
}

test.each([400, 404, 422])('an answer of %i stands for an empty page', async (status) => {
  const { known } = await look(() => {
    throw refused(status);
  });
  expect(known.at(-1)).toMatchObject({ rough: false });
});

test('an answer that says nothing of the page leaves the end unknown', async () => {
  const { known } = await look(() => {
    throw refused(503);
  });
  expect(known).toEqual([]);
});

test('the looking ends with the work', async () => {
  const stop = new AbortController();
  const looking = look(() => {
    stop.abort(new Error('the work is done'));
    throw refused(503);
  }, stop.signal);
  await expect(looking).rejects.toThrow('the work is done');
});
