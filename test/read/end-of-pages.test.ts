import { describe, expect, it } from 'vitest';
import { believeEnd, isStillEmpty, missingPage } from '../../src/read/end-of-pages.ts';

/** A service that answers with these pages in turn; what it was asked and the waits in between. */
function serviceOf(...answers: string[][]) {
  const heard: (string | number)[] = [];
  const ask = (name: string) => async () => {
    heard.push(name);
    return answers.shift() ?? [];
  };
  const wait = async (ms: number) => void heard.push(ms);
  return { page: ask('page'), front: ask('front'), wait, heard };
}

describe('an end of pages', () => {
  it('is believed while the front has contacts', async () => {
    const service = serviceOf(['a']);
    expect(await believeEnd(service)).toEqual({ page: [], front: ['a'] });
    expect(service.heard).toEqual(['front']);
  });

  it('is none when the page has some, after a front that had none', async () => {
    const service = serviceOf([], ['z']);
    expect(await believeEnd(service)).toEqual({ page: ['z'], front: [] });
    expect(service.heard).toEqual(['front', 250, 'page']);
  });

  it('is believed after all when the front comes back first', async () => {
    const service = serviceOf([], [], ['a']);
    expect(await believeEnd(service)).toEqual({ page: [], front: ['a'] });
    expect(service.heard).toEqual(['front', 250, 'page', 'front']);
  });

  it('is waited for four times, longer each time, and then exit 5', async () => {
    const service = serviceOf();
    await expect(believeEnd(service)).rejects.toMatchObject({
      exit: 5,
      code: 'contacts-vanished',
      message: 'the service answers that there are no contacts, although it sent some before',
      hint: expect.stringContaining('try again later'),
    });
    const round = (ms: number) => ['front', ms, 'page'];
    expect(service.heard).toEqual([250, 500, 1000, 2000].flatMap(round));
  });
});

it('an empty page is still so when it is 100 ms later', async () => {
  for (const [answer, expected] of [
    [[], true],
    [['a'], false],
  ] as const) {
    const service = serviceOf([...answer]);
    expect(await isStillEmpty(service.page, service.wait)).toBe(expected);
    expect(service.heard).toEqual([100, 'page']);
  }
});

it('a page that can not be had is exit 8, and names both', () => {
  expect(missingPage(3, 7)).toMatchObject({
    exit: 8,
    code: 'missing-page',
    message: 'page 3 comes back empty although page 7 holds contacts',
    hint: expect.stringContaining('try again later'),
  });
});
