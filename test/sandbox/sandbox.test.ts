import { Server } from 'node:net';
import { expect, test, vi } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { callPage, everyPage, idsOf, pageOf, sandboxWith } from '../support/sandbox.ts';

const notAnId =
  '{"success":false,"message":"Argument passed in must be a single String of 12 bytes or a string of 24 hex characters","code":400}';

test.each([
  ['no authtype', { authtype: '' }, 401, '{"success":false,"message":"Unauthorized","code":401}'],
  ['neither header', { authtype: '', authorization: '' }, 401, '"Unauthorized"'],
  ['another token', { authorization: 'Bearer nonsense' }, 400, notAnId],
  ['no token', { authorization: '' }, 400, notAnId],
])('refuses a caller with %s', async (_, headers, status, text) => {
  const response = await callPage(await sandboxWith(), {}, headers);
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(text);
});

test.each([
  ['a segment that is no id', { segments: ['Newsletter'] }],
  ['an agent that is no id', { _agentAssigned: ['65e2'] }],
  ['a bot that is no id', { _botWebsite: ['zzzzzzzzzzzzzzzzzzzzzzzz'] }],
])('answers %s as the service answers a bad token', async (_, body) => {
  const response = await callPage(await sandboxWith(), body);
  expect([response.status, await response.text()]).toEqual([400, notAnId]);
});

test.each([
  ['page 0', { page: 0 }],
  ['half a page', { page: 1.5 }],
  ['no page', { page: undefined }],
  ['tags that are no list', { applicableFilters: ['tags'], tags: 'vip' }],
  ['an export job', { isExport: 'csv' }],
  ['a date nobody can read', { applicableFilters: ['createdAt'], createdAt: { startAt: 'soon' } }],
])('refuses %s', async (_, body) => {
  const response = await callPage(await sandboxWith(), body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ success: false, code: 400 });
});

test('refuses a body that is not JSON', async () => {
  const { url, token } = await sandboxWith();
  const headers = { authorization: `Bearer ${token}`, authtype: 'Key' };
  const response = await fetch(`${url}/inbox/users`, { method: 'POST', headers, body: '{' });
  expect(response.status).toBe(400);
});

test.each([0, 1, 50, 51, 1000])('pages through %i contacts, newest first', async (contacts) => {
  const sandbox = await sandboxWith({ contacts });
  const everyone = await everyPage(sandbox);
  expect(everyone).toHaveLength(contacts);
  expect(idsOf(everyone)).toEqual(sandbox.idsNow());
  const created = everyone.map(({ createdAt }) => createdAt);
  expect(created).toEqual([...new Set(created)].sort().reverse());
  expect(sandbox.requests).toBe(Math.ceil(contacts / 50) + 1);
});

test('keeps to the page size', async () => {
  const sandbox = await sandboxWith({ contacts: 25, pageSize: 10 });
  const sizes = [1, 2, 3, 4].map(async (page) => (await pageOf(sandbox, { page })).length);
  expect(await Promise.all(sizes)).toEqual([10, 10, 5, 0]);
});

test('adds one visitor to ten contacts where visitors are asked for', async () => {
  const sandbox = await sandboxWith({ contacts: 100 });
  const everyone = await everyPage(sandbox, { isContact: false });
  expect(everyone).toHaveLength(110);
  expect(everyone.filter(({ isContact }) => !isContact)).toHaveLength(10);
});

test('answers the same bytes for the same seed, and others for another', async () => {
  const [first, again, other] = await Promise.all(
    [1, 1, 2].map(async (seed) => (await callPage(await sandboxWith({ seed }))).text()),
  );
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('holds a million contacts without holding them', async () => {
  const sandbox = await sandboxWith({ contacts: 1_000_000 });
  const start = performance.now();
  expect(await pageOf(sandbox)).toHaveLength(50);
  expect(performance.now() - start).toBeLessThan(500);
  expect(await pageOf(sandbox, { page: 20_000 })).toHaveLength(50);
  expect(await pageOf(sandbox, { page: 20_001 })).toEqual([]);
});

test('gives an id once', async () => {
  const sandbox = await sandboxWith({ contacts: 100_000 });
  const ids = sandbox.idsNow();
  expect(new Set(ids).size).toBe(100_000);
  expect(ids.every((id) => /^[0-9a-f]{24}$/.test(id))).toBe(true);
});

test('is read-only and knows its paths', async () => {
  const { url, token } = await sandboxWith();
  const headers = { authorization: `Bearer ${token}`, authtype: 'Key' };
  const call = async (method: string, path: string) => {
    const response = await fetch(url + path, { method, headers });
    expect(response.headers.get('date')).not.toBeNull();
    return [response.status, await response.json()];
  };
  expect(await call('POST', '/inbox/users/import')).toMatchObject([405, { success: false }]);
  expect(await call('DELETE', '/inbox/users')).toMatchObject([405, { success: false }]);
  expect(await call('GET', '/nowhere')).toMatchObject([404, { success: false }]);
  expect(await call('GET', '/inbox/segments')).toMatchObject([
    200,
    { success: true, data: [{ segmentName: 'Newsletter' }, {}, {}, {}, {}] },
  ]);
  expect(await call('GET', '/whatsapp-automation')).toMatchObject([200, { success: true }]);
  const agents = '/custom-user?ispagination=true&searchText=';
  expect(await call('GET', `${agents}nomsa&page=1`)).toMatchObject([
    200,
    { data: [{ name: 'Nomsa Adams', contact: { email: 'nomsa@example.com' } }] },
  ]);
  expect(await call('GET', `${agents}&page=2`)).toMatchObject([200, { data: [] }]);
});

test('explains a port in use', async () => {
  const { url } = await sandboxWith();
  await expect(startSandbox({ port: Number(new URL(url).port) })).rejects.toMatchObject({
    name: 'ExplainedError',
    code: 'port-in-use',
  });
});

test('explains a port that only root may open', async () => {
  const refused = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
  const listen = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server) {
    process.nextTick(() => this.emit('error', refused));
    return this;
  });
  await expect(startSandbox({ port: 80 })).rejects.toMatchObject({
    exit: 7,
    message: 'port 80 is for root alone',
  });
  listen.mockRestore();
});

test('takes its time when told to', async () => {
  const sandbox = await sandboxWith({ latencyMs: 60 });
  const start = performance.now();
  await pageOf(sandbox);
  expect(performance.now() - start).toBeGreaterThan(50);
});
