import { expect, test } from 'vitest';
import { runMain } from '../support/context.ts';
import { idOf, serve } from '../support/service.ts';

const segment = '65d1000000000000005e6001';
const agent = '65e2000000000000000a6e01';
const contacts = [
  { _id: idOf(1), segments: [segment, '65d1000000000000005e6009'], _agentAssigned: [agent] },
  { _id: idOf(2), segments: [], _agentAssigned: [] },
];
const script = {
  contacts,
  segments: [{ _id: segment, segmentName: '=VIP' }],
  agents: [{ _id: agent, name: 'Nomsa Adams' }],
};
const columns = ['--columns', 'Group=segment_names,agent_name,agent'];

test('segments and agents are looked up once a run, for columns and a filter alike', async () => {
  const service = await serve(script);
  const args = ['contacts', 'export', ...columns, '--segment', '=VIP', '--trust-server'];
  const { exit, stdout, stderr } = await runMain(args, { service });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toBe(
    `Group,agent_name,agent\n"'=VIP; 65d1000000000000005e6009",Nomsa Adams,${agent}\n,,\n`,
  );
  expect(service.calls.filter((call) => call.endsWith('/inbox/segments'))).toHaveLength(1);
});

test('nobody is asked for names that no column shows', async () => {
  const service = await serve(script);
  await runMain(['contacts', 'list', '--columns', 'segments,agent'], { service });
  expect(new Set(service.calls)).toEqual(new Set(['POST /inbox/users']));
});

test('where they are refused, ids stand and one warning says so', async () => {
  const service = await serve({
    ...script,
    answer: ({ method }) =>
      method === 'GET' ? { status: 403, body: '{"success":false,"message":"no"}' } : undefined,
  });
  const { exit, stdout, stderr } = await runMain(['contacts', 'list', ...columns], { service });
  expect(exit).toBe(0);
  expect(stdout).toContain(`${segment}; 65d1000000000000005e6009\t${agent}\t${agent}\n`);
  expect(stderr).toMatch(/^warning: the names of segments and agents can't be had.*\n$/);
});
