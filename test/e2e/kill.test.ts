import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { cleanEnv, envOf, startCli, tempFolder } from '../support/cli.ts';
import { type PageServer, samplePages, servePages } from '../support/page-server.ts';

const latencyMs = 4;
const moments = 100;
const sideBySide = 4;
/** The widest throttle: so many pages may be under way when a run is killed. */
const inFlight = 8;

const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 1e9));
const formats = ['csv', 'ndjson'] as const;
let pages: readonly string[];
let truth: { readonly [format: string]: string };
/** How long an uninterrupted run takes on this machine, at this moment. */
let usualMs: number;

/** Numbers from 0 to 1 that the seed decides (mulberry32). */
function drawFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

beforeAll(async () => {
  pages = await samplePages(2000, 20);
  const server = await servePages(pages, latencyMs);
  const folder = await tempFolder();
  const read = async (format: string) => {
    const file = join(folder, `truth.${format}`);
    const began = performance.now();
    const run = await startCli(['contacts', 'export', '-o', file], { env: envOf(server) });
    expect(await run.ended).toMatchObject({ code: 0, stderr: '' });
    usualMs = performance.now() - began;
    return readFile(file, 'utf8');
  };
  truth = { csv: await read('csv'), ndjson: await read('ndjson') };
  await server.close();
}, 30_000);

interface Trial {
  readonly kills: number;
  /** How often a page was asked for that had been before. */
  readonly again: number;
  readonly leftBehind: readonly string[];
}

/** Requests for pages with contacts beyond the first for each; the front is read again at the end. */
function askedAgain({ asked }: PageServer): number {
  const within = asked.filter((page) => page <= pages.length);
  const fronts = 1;
  return within.length - new Set(within).size - fronts;
}

/** An export killed at a moment, and resumed until it is whole, killed again or not. */
async function trial(number: number, draw: () => number): Promise<Trial> {
  const format = formats[number % 2] ?? 'csv';
  const moment = draw() * usualMs * 1.2;
  const again = draw() < 0.3 ? [draw() * usualMs] : [];
  const server = await servePages(pages, latencyMs);
  const folder = await tempFolder();
  const name = `out.${format}`;
  const file = join(folder, name);
  await writeFile(file, 'the old file');
  const env = await cleanEnv(envOf(server));
  let kills = 0;
  const leftBehind = new Set<string>();
  let resume: string[] = [];
  for (const killAfter of [moment, ...again, undefined]) {
    const run = await startCli(['contacts', 'export', '-o', file, ...resume], { env });
    if (killAfter !== undefined) {
      await Promise.race([sleep(killAfter), run.ended]);
      run.child.kill('SIGKILL');
    }
    const { code, signal, stderr } = await run.ended;
    expect({ code: code ?? signal, stderr }).toMatchObject({
      code: killAfter === undefined ? 0 : expect.toBeOneOf([0, 'SIGKILL']),
      stderr: '',
    });
    const whole = await readFile(file, 'utf8');
    if (code !== 0) {
      kills += 1;
      // Killed after the rename, before the end: the new file, whole.
      if (whole !== 'the old file') expect(whole === truth[format]).toBe(true);
      const left = await readdir(folder);
      for (const entry of left) leftBehind.add(entry.replace(name, 'FILE'));
      // Killed as the last thing of a whole run: there is nothing to resume.
      if (!left.includes(`${name}.part`)) break;
    } else {
      expect(whole === truth[format], 'the file is the one of an uninterrupted run').toBe(true);
      expect(await readdir(folder)).toEqual([name]);
      break;
    }
    resume = ['--resume'];
  }
  await server.close();
  return { kills, again: askedAgain(server), leftBehind: [...leftBehind] };
}

it(`is killed at ${moments} moments and resumed to the same bytes (KILL_SEED=${seed})`, async () => {
  const draw = drawFrom(seed);
  const trials: Trial[] = [];
  let next = 0;
  const work = async () => {
    while (next < moments) {
      next += 1;
      trials.push(await trial(next, draw));
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  expect(trials).toHaveLength(moments);
  expect(trials.filter(({ kills, again }) => again > kills * inFlight)).toEqual([]);
  expect(trials.filter(({ kills }) => kills > 0).length).toBeGreaterThan(moments / 2);
  // What the next run needs or clears away; nothing more.
  const known = /^(FILE|FILE\.part|\.FILE\.tmp|FILE\.lock(\.[\da-f]{8})?)$/;
  const left = new Set(trials.flatMap(({ leftBehind }) => leftBehind));
  expect([...left].filter((name) => !known.test(name))).toEqual([]);
}, 120_000);
