import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SimulatedClock } from '../support/context.ts';
import { person, Synced } from '../support/synced.ts';

const poller = fileURLToPath(new URL('../support/poll-sqlite.cjs', import.meta.url));

const question = `SELECT (SELECT count(*) FROM sync_runs) AS runs, count(*) AS contacts,
  min(name) AS least, max(name) AS most, (SELECT count(*) FROM contact_tags) AS tags FROM contacts`;

const syncs = 50;

/** The account before the nth sync: everybody has another name, one more is gone, one is new. */
function accountAt(n: number) {
  // Long enough that no file is written by one call of the system.
  const note = `${n}`.repeat(8000);
  const profile = { userDetails: { name: `Name ${n}`, tags: ['vip'], note } };
  return Array.from({ length: 30 }, (_, at) => person(n + 30 - at, { profile }));
}

test('readers that poll during 50 syncs see each state whole, and never an error', async () => {
  const world = await Synced.with(0, { pageSize: 100 });
  const clock = new SimulatedClock(new Date().toISOString());
  const sync = async (n: number) => {
    world.service.contacts = accountAt(n);
    await world.sync('', { clock });
  };
  await sync(1);
  const reader = fork(poller, [world.path, question], { execArgv: ['--no-warnings'] });
  await once(reader, 'message');

  for (let n = 2; n <= syncs; n += 1) await sync(n);

  const told = once(reader, 'message');
  reader.send('end');
  const [{ polls, answers }] = (await told) as [{ polls: number; answers: string[] }];
  const whole = Array.from({ length: syncs }, (_, at) => {
    const name = `Name ${at + 1}`;
    return JSON.stringify({ runs: at + 1, contacts: 30, least: name, most: name, tags: 30 });
  });
  expect(answers).toEqual(whole.filter((answer) => answers.includes(answer)));
  expect(answers.at(-1)).toBe(whole.at(-1));
  expect(polls).toBeGreaterThan(syncs);
  expect(answers.length).toBeGreaterThan(10);
}, 400_000);
