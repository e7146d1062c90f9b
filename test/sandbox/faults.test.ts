import { expect, test } from 'vitest';
import { parseFault } from '../../src/sandbox/faults.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { callPage, everyPage, idsOf, pageOf, sandboxWith } from '../support/sandbox.ts';

const troubled = (contacts: number, ...faults: string[]): Promise<Sandbox> =>
  sandboxWith({ contacts, faults: faults.map(parseFault) });

test.each([
  ['429@3', { kind: '429', page: 3 }],
  ['500@1x2', { kind: '500', page: 1, times: 2 }],
  ['cut@last', { kind: 'cut', page: 'last' }],
  ['rate=5', { kind: 'rate', value: 5 }],
  ['429=0x1', { kind: '429', value: 0, times: 1 }],
  ['502-htmlx3', { kind: '502-html', times: 3 }],
  ['hang', { kind: 'hang' }],
])('reads the fault %s', (text, fault) => {
  expect(parseFault(text)).toEqual(fault);
});

test.each(['', '418', 'rate', 'rate=0', 'inserts', 'hang=3', '500@0', '500x0', '500@first'])(
  'refuses the fault "%s"',
  (text) => {
    expect(() => parseFault(text)).toThrow(expect.objectContaining({ exit: 2 }));
  },
);

test('names the kinds to those who mistype one', () => {
  expect(() => parseFault('teapot')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('429, 500, 502-html, 503') }),
  );
});

test.each([
  ['429', 429, '1', '"code":429'],
  ['429=7', 429, '7', '"code":429'],
  ['429=0', 429, null, '"code":429'],
  ['500', 500, null, '"success":false'],
  ['502-html', 502, null, '<!doctype html>'],
  ['503', 503, null, '"success":false'],
  ['200-html', 200, null, '<!doctype html>'],
  ['empty', 200, null, ''],
  ['not-success', 200, null, '"success":false'],
  ['no-data', 200, null, '{"success":true,"message":"","code":200}'],
  ['redirect', 302, null, ''],
])('%s answers %i', async (fault, status, retryAfter, text) => {
  const response = await callPage(await troubled(60, fault));
  expect(response.status).toBe(status);
  expect(response.headers.get('retry-after')).toBe(retryAfter);
  expect(await response.text()).toContain(text);
  if (fault === 'redirect')
    expect(response.headers.get('location')).toMatch(/^http:\/\/localhost:9\//);
  if (fault === 'empty') expect(response.headers.get('content-length')).toBe('0');
});

test('cut sends less than it announced', async () => {
  const response = await callPage(await troubled(60, 'cut'));
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
});

test('reset answers nothing at all', async () => {
  await expect(callPage(await troubled(60, 'reset'))).rejects.toThrow();
});

test('hang never answers, and does not hold up closing', async () => {
  const sandbox = await troubled(60, 'hang');
  const answer = callPage(sandbox);
  const outcome = await Promise.race([
    answer.then(() => 'answered'),
    new Promise((resolve) => setTimeout(resolve, 100, 'waiting')),
  ]);
  expect(outcome).toBe('waiting');
  const refused = expect(answer).rejects.toThrow();
  await sandbox.close();
  await refused;
});

test('a fault strikes only its page, as often as told', async () => {
  const sandbox = await troubled(120, '500@2x2', '503@last');
  const statusOf = async (page: number) => (await callPage(sandbox, { page })).status;
  expect([await statusOf(1), await statusOf(2), await statusOf(2), await statusOf(2)]).toEqual([
    200, 500, 500, 200,
  ]);
  expect([await statusOf(3), await statusOf(4)]).toEqual([503, 200]);
});

test('faults tied to no page strike the other calls too', async () => {
  const { url, token } = await troubled(10, '500@1', '503x1');
  const headers = { authorization: `Bearer ${token}`, authtype: 'Key' };
  const statusOf = async () => (await fetch(`${url}/inbox/segments`, { headers })).status;
  expect([await statusOf(), await statusOf()]).toEqual([503, 200]);
});

test('rate lets a burst through, then refuses', async () => {
  const sandbox = await troubled(60, 'rate=3');
  const statuses: number[] = [];
  for (let call = 0; call < 5; call += 1) statuses.push((await callPage(sandbox)).status);
  expect(statuses.slice(0, 3)).toEqual([200, 200, 200]);
  expect(statuses).toContain(429);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect((await callPage(sandbox)).status).toBe(200);
});

test('repeat answers page 1 for ever', async () => {
  const sandbox = await troubled(120, 'repeat');
  expect(idsOf(await pageOf(sandbox, { page: 99 }))).toEqual(sandbox.idsNow().slice(0, 50));
});

test('repeat-last answers the last page after the end', async () => {
  const sandbox = await troubled(120, 'repeat-last');
  expect(idsOf(await pageOf(sandbox, { page: 2 }))).toEqual(sandbox.idsNow().slice(50, 100));
  expect(idsOf(await pageOf(sandbox, { page: 9 }))).toEqual(sandbox.idsNow().slice(100));
});

test('ignore-filters returns everyone', async () => {
  const sandbox = await troubled(40, 'ignore-filters');
  const body = { tags: ['vip'], applicableFilters: ['tags'] };
  expect(await pageOf(sandbox, body)).toHaveLength(40);
});

test('inserts push the rows back by one', async () => {
  const sandbox = await troubled(200, 'inserts=1');
  const before = sandbox.idsNow();
  const everyone = await everyPage(sandbox);
  expect(sandbox.idsNow()).toHaveLength(205);
  expect(sandbox.idsNow().slice(5)).toEqual(before);
  expect(everyone[50]._id).toBe(everyone[49]._id);
  const [newest] = await pageOf(sandbox);
  expect(newest._id).toBe(sandbox.idsNow()[0]);
  expect(newest.createdAt > everyone[0].createdAt).toBe(true);
});

test('deletes take contacts away, also from listings already counted', async () => {
  const sandbox = await troubled(3000, 'deletes=2');
  const before = sandbox.idsNow();
  const tagged = { tags: ['lead'], applicableFilters: ['tags'] };
  await everyPage(sandbox, tagged);
  await everyPage(sandbox);
  const after = sandbox.idsNow();
  expect(after.length).toBe(before.length - Math.floor((sandbox.requests - 1) / 2));
  expect(before.filter((id) => after.includes(id))).toEqual(after);
  const left = await everyPage(sandbox, tagged);
  expect(new Set(idsOf(left)).size).toBe(left.length);
  const known = await Promise.all([60, 61].map((page) => pageOf(sandbox, { page })));
  expect(known[1]).toEqual([]);
});

test('moves bring a contact to the front, seen just now', async () => {
  const sandbox = await troubled(500, 'moves=1');
  const before = sandbox.idsNow();
  await pageOf(sandbox);
  const [first] = await pageOf(sandbox);
  expect(sandbox.idsNow()).toHaveLength(500);
  expect(sandbox.idsNow().toSorted()).toEqual(before.toSorted());
  expect(first._id).toBe(sandbox.idsNow()[0]);
  expect(first._id).not.toBe(before[0]);
  expect(first.lastSeenAt > first.createdAt).toBe(true);
});
