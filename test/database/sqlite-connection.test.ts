import { expect, test } from 'vitest';
import { tables } from '../../src/database/schema.ts';
import { SqliteConnection } from '../../src/database/sqlite-connection.ts';

const rows = Array(10).fill(['a', 'b', 'c']);

function block() {
  const until = performance.now() + 20;
  while (performance.now() < until);
}

/** An engine of which every statement takes its time. */
const slow = {
  exec() {},
  close() {},
  prepare: () => ({
    all() {
      block();
      return [];
    },
    run() {
      block();
      return 1;
    },
  }),
};

test.each<[string, (connection: SqliteConnection) => Promise<unknown>]>([
  [
    'rows that are written',
    (it) => it.insert({ table: 'agents', columns: tables.agents, onConflict: '' }, rows),
  ],
  [
    'statements',
    async (it) => {
      for (let count = 0; count < 5; count += 1) {
        await it.all('SELECT');
        await it.run('DELETE');
      }
    },
  ],
])('others have their turn between %s', async (_name, work) => {
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work(new SqliteConnection(slow, 'contacts.db'));
  isDone = true;
  expect(turns).toBeGreaterThanOrEqual(4);
});
