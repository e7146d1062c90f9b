// Where the CPU of an export goes, by room of src: a profile of the same code, bundled with a map.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename, join } from 'node:path';
import { bundled, folder, measure, node, withSandbox } from './measure.js';

/** Microseconds of CPU a contact, by the room whose code was running. */
export async function profileExport(contacts) {
  const out = await bundled('src/start.ts');
  const script = join(out, 'run.mjs');
  writeFileSync(script, "import { start } from './start.mjs';\nawait start();\n");
  const profiles = join(folder, 'profiles');
  mkdirSync(profiles, { recursive: true });
  const flags = ['--cpu-prof', '--cpu-prof-interval', '250', '--cpu-prof-dir', profiles];
  const file = join(folder, 'profiled.csv');
  await withSandbox(['--contacts', String(contacts)], ({ env }) =>
    measure([node, ...flags, script, 'contacts', 'export', '-o', file], env),
  );
  const [name] = readdirSync(profiles);
  const profile = JSON.parse(readFileSync(join(profiles, name), 'utf8'));
  const byRoom = sumByRoom(profile, mapsIn(out));
  const stages = [...byRoom].map(([room, micros]) => ({ room, each: micros / contacts }));
  const lines = stages
    .filter(({ each }) => each >= 0.5)
    .sort((a, b) => b.each - a.each)
    .map(({ room, each }) => `${room.padEnd(26)} ${each.toFixed(2).padStart(7)} µs`);
  return { ours: stages.reduce((sum, { each }) => sum + each, 0), unit: 'µs', lines };
}

function mapsIn(out) {
  const names = readdirSync(out).filter((name) => name.endsWith('.map'));
  return new Map(
    names.map((name) => [
      name.slice(0, -4),
      new SourceMap(JSON.parse(readFileSync(join(out, name), 'utf8'))),
    ]),
  );
}

function sumByRoom({ nodes, samples, timeDeltas }, maps) {
  const rooms = new Map(nodes.map((it) => [it.id, roomOf(it.callFrame, maps)]));
  const sums = new Map();
  for (const [at, id] of samples.entries()) {
    const room = rooms.get(id);
    if (room !== undefined) sums.set(room, (sums.get(room) ?? 0) + timeDeltas[at]);
  }
  return sums;
}

function roomOf({ functionName, url, lineNumber, columnNumber }, maps) {
  if (functionName === '(idle)' || functionName === '(root)') return undefined;
  if (functionName === '(garbage collector)') return 'garbage collector';
  const map = maps.get(basename(url));
  if (map === undefined) return url.startsWith('node:') ? "Node's own JavaScript" : 'native';
  const { originalSource = '' } = map.findEntry(lineNumber, columnNumber);
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(originalSource) ?? [];
  if (name !== undefined) return `package ${name}`;
  return /src\/([^/.]+)/.exec(originalSource)?.[1] ?? 'native';
}
