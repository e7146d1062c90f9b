import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { equal } from './equal.js';
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
  tellOfEqual(await stryker.runMutationTest());
}

/**
 * Of those that nobody noticed, how many nobody can; one that is named and was noticed is a mistake.
 * One that only took too long, as on a busy machine, is neither.
 */
function tellOfEqual(mutants) {
  const named = new Map();
  for (const { fileName } of mutants) {
    const file = relative(process.cwd(), fileName);
    for (const line of Object.keys(equal[file] ?? {})) named.set(`${file}: ${line}`, false);
  }
  const isNamed = (mutant) => {
    const line = `${relative(process.cwd(), mutant.fileName)}: ${lineOf(mutant)}`;
    return named.has(line) && named.set(line, true);
  };
  mutants.filter(({ status }) => status === 'Timeout').forEach(isNamed);
  const survivors = mutants.filter(({ status }) => ['Survived', 'NoCoverage'].includes(status));
  const others = survivors.filter((mutant) => !isNamed(mutant));
  process.stdout.write(
    `of ${survivors.length} that survived, ${survivors.length - others.length} do what the original does (equal.js)\n`,
  );
  for (const [line, survived] of named) {
    if (survived) continue;
    process.stdout.write(`equal.js names one that is not there or was noticed: ${line}\n`);
    process.exitCode = 1;
  }
}

/** The line, or the first and last of several made one, as the mutant has it. */
function lineOf({ fileName, location: { start, end }, replacement = '' }) {
  const lines = readFileSync(fileName, 'utf8').split('\n');
  const before = lines[start.line - 1].slice(0, start.column - 1);
  const after = lines[end.line - 1].slice(end.column - 1);
  return `${before}${replacement}${after}`.replace(/\s+/g, ' ').trim();
}
