import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { equal } from './equal.js';
import { rooms } from './rooms.js';

// npm run mutants [-- ROOM…]: changes the code of each room in many small ways, and tells which of
// the changes its tests do not notice. Takes minutes to an hour a room.

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
  tellOfEqual(await stryker.runMutationTest());
}

/**
 * Tells how many of the survivors equal.js names. One that it names and the tests noticed is a
 * mistake, but for one that took too long: on a busy machine that proves nothing.
 */
function tellOfEqual(mutants) {
  const linesOf = (...statuses) =>
    mutants.filter(({ status }) => statuses.includes(status)).map(lineOf);
  const files = new Set(mutants.map(({ fileName }) => relative(process.cwd(), fileName)));
  const named = [...files].flatMap((file) =>
    Object.keys(equal[file] ?? {}).map((line) => `${file}: ${line}`),
  );
  const survivors = linesOf('Survived', 'NoCoverage');
  const equals = survivors.filter((line) => named.includes(line));
  process.stdout.write(
    `of ${survivors.length} that survived, ${equals.length} do what the original does (equal.js)\n`,
  );
  const unnoticed = [...survivors, ...linesOf('Timeout')];
  for (const line of named.filter((line) => !unnoticed.includes(line))) {
    process.stdout.write(`equal.js names one that is not there or was noticed: ${line}\n`);
    process.exitCode = 1;
  }
}

/** The file, and the line as the mutant has it; several lines come as one. */
function lineOf({ fileName, location: { start, end }, replacement = '' }) {
  const lines = readFileSync(fileName, 'utf8').split('\n');
  const before = lines[start.line - 1].slice(0, start.column - 1);
  const after = lines[end.line - 1].slice(end.column - 1);
  const line = `${before}${replacement}${after}`.replace(/\s+/g, ' ').trim();
  return `${relative(process.cwd(), fileName)}: ${line}`;
}
