import { describe, expect, test } from 'vitest';
import { runMain } from '../../support/context.ts';
import { sandboxWith } from '../../support/sandbox.ts';
import { serve } from '../../support/service.ts';

const id = (n: number) => `65d1000000000000005e600${n}`;

describe('segments list', () => {
  test('is tab-separated in a pipe', async () => {
    const service = await sandboxWith({});
    const { exit, stdout, stderr } = await runMain(['segments', 'list'], { service });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(/^id\tname\tcreated_at\n/);
    expect(stdout).toContain(`${id(3)}\tVIP Cape Town\t2024-05-02T12:01:07.018Z\n`);
  });

  test('is a table for people, with local times and clean names', async () => {
    const service = await serve({
      segments: [
        { _id: id(1), segmentName: '\u001b[31mRed', createdAt: '2026-10-31T22:30:00.000Z' },
        { _id: id(2), segmentName: 'Odd', createdAt: { odd: true } },
        { _id: id(3) },
      ],
    });
    const args = ['segments', 'list', '--tz', 'Africa/Johannesburg'];
    const world = { service, isTTY: true, env: { NO_COLOR: '1' }, now: new Date('2026-11-22') };
    const { stdout } = await runMain(args, world);
    expect(stdout).toContain(`${id(1)}  Red   01 Nov 00:30\n`);
    expect(stdout).toContain(`${id(2)}  Odd\n`);
    expect(stdout).toContain(`${id(3)}\n`);
    expect(stdout).not.toContain('\u001b');
  });

  test('is json with the columns that are asked for', async () => {
    const service = await serve({ segments: [{ _id: id(1), segmentName: 'Leads' }] });
    const json = await runMain(['segments', 'list', '--format', 'json'], { service });
    expect(JSON.parse(json.stdout)).toEqual([{ id: id(1), name: 'Leads', created_at: null }]);
    const names = await runMain(['segments', 'list', '--columns', 'name', '--no-header'], {
      service,
    });
    expect(names.stdout).toBe('Leads\n');
  });

  test('of none is a header, and of a refused token an error', async () => {
    const none = await serve({});
    expect((await runMain(['segments', 'list'], { service: none })).stdout).toBe(
      'id\tname\tcreated_at\n',
    );
    const service = { url: (await sandboxWith({})).url, token: 'another' };
    expect((await runMain(['segments', 'list'], { service })).exit).toBe(4);
  });
});

test('agents list shows who --agent takes', async () => {
  const service = await sandboxWith({});
  const { exit, stdout } = await runMain(['agents', 'list'], { service });
  expect(exit).toBe(0);
  expect(stdout).toContain(
    '65e2000000000000000a6e01\tNomsa Adams\tnomsa@example.com\tADMIN\tACTIVE\n',
  );
});

describe('names for --segment and --agent', () => {
  const list = ['contacts', 'list', '--columns', 'id'];
  const segments = [
    { _id: id(1), segmentName: 'Leads' },
    { _id: id(2), segmentName: 'VIP' },
    { _id: id(3), segmentName: 'vip' },
    { _id: id(4), segmentName: 'Twice' },
    { _id: id(5), segmentName: 'Twice' },
  ];

  test('are looked up once a run, however many there are', async () => {
    const service = await serve({ segments });
    const { exit } = await runMain([...list, '--segment', 'leads,vip', '--segment', 'VIP'], {
      service,
    });
    expect(exit).toBe(0);
    expect(service.calls.filter((call) => call === 'GET /inbox/segments')).toHaveLength(1);
    expect(service.bodies[0].segments).toEqual([id(1), id(3), id(2)]);
    expect(service.bodies[0].applicableFilters).toEqual(['segments']);
  });

  test('are not looked up for ids', async () => {
    const service = await serve({ segments });
    await runMain([...list, '--segment', id(1), '--agent', id(2)], { service });
    expect(new Set(service.calls)).toEqual(new Set(['POST /inbox/users']));
    expect(service.bodies[0]).toMatchObject({ segments: [id(1)], _agentAssigned: [id(2)] });
  });

  test('go with ids', async () => {
    const service = await serve({ segments });
    await runMain([...list, '--segment', `Leads,${id(5)}`], { service });
    expect([...service.bodies[0].segments].sort()).toEqual([id(1), id(5)]);
  });

  test.each([
    ['Twice', 'ambiguous-name', id(5)],
    ['Vip', 'ambiguous-name', id(3)],
    ['Laeds', 'unknown-segment', 'Leads'],
    ['lead', 'unknown-segment', 'Leads'],
  ])('%s: %s, and the hint names %s', async (name, code, hinted) => {
    const service = await serve({ segments });
    const { exit, stderr } = await runMain([...list, '--segment', name, '--errors', 'json'], {
      service,
    });
    expect(exit).toBe(2);
    const told = JSON.parse(stderr);
    expect(told.code).toBe(code);
    expect(told.hint).toContain(hinted);
    expect(service.bodies).toEqual([]);
  });

  test('of agents find who is meant', async () => {
    const service = await sandboxWith({ now: new Date('2026-11-22T00:00:00Z') });
    const { exit, stdout } = await runMain([...list, '--agent', 'nomsa adams', '--limit', '2'], {
      service,
    });
    expect(exit).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    const unknown = await runMain([...list, '--agent', 'Sipho'], { service });
    expect(unknown.exit).toBe(2);
    expect(unknown.stderr).toContain('did you mean Sipho Mabena, Sipho Mabuza?');
  });
});

test('a name with a comma is proposed as a flag takes it', async () => {
  const service = await serve({ segments: [{ _id: id(1), segmentName: 'Gold, inc' }] });
  const count = (name: string) => runMain(['contacts', 'count', '--segment', name], { service });
  expect((await count('Gold, inc')).stderr).toContain('did you mean Gold\\, inc?');
  expect(await count('Gold\\, inc')).toMatchObject({ exit: 0, stdout: '0\n', stderr: '' });
});
