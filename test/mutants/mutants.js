import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { rooms } from './rooms.js';

// npm run mutants [-- ROOM…]: changes the code of each room in many small ways, and tells which of
// them its tests do not notice. Takes minutes to an hour a room.

const share = { high: 95, low: 85, break: 85 };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((room) => !Object.hasOwn(rooms, room));
if (unknown.length > 0) {
  process.stderr.write(
    `no room: ${unknown.join(', ')}; there are: ${Object.keys(rooms).join(', ')}\n`,
  );
  process.exit(2);
}
for (const room of wanted.length > 0 ? wanted : Object.keys(rooms)) {
  process.stdout.write(`\n${room}\n`);
  process.env.ROOM = room;
  const stryker = new Stryker({
    mutate: rooms[room].mutate,
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'test/mutants/vitest.config.js', related: false },
    // Stryker reads a tsconfig with the compiler's old interface, which TypeScript 7 does not have.
    tsconfigFile: 'none',
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env.MUTANTS_AT_ONCE ?? 2),
    timeoutMS: 10_000,
    reporters: ['clear-text', 'progress-append-only'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    thresholds: share,
    ignorePatterns: ['dist', '.git', '/*.csv'],
    tempDirName: join(tmpdir(), 'reekolect-mutants'),
    allowConsoleColors: false,
  });
  await stryker.runMutationTest();
}
