// Where the CPU of an export goes: a profile of the same code, bundled with a map. What Node does
// for a stage (reading a socket, writing a file) counts for the stage that asked for it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { basename, join } from 'node:path';
import { bundled, folder, measure, node } from './measure.js';

/** The first that fits; code that fits none belongs to the stage that called it. */
const stages = [
  ['file', /src\/(files\/|output\/(destination|gzip)|read\/(page-log|log-))/],
  ['check', /src\/(records\/(where|filter|contacts\/filter)|read\/dropped)/],
  ['columns', /src\/(records\/(columns|phone|times|contacts\/(columns|parts))|read\/(rows|named))/],
  ['format', /(src\/output\/|node_modules\/(csv-stringify|hyparquet-writer|fflate)\/)/],
  ['answer', /(src\/(api\/|records\/(page|json-text))|node_modules\/)/],
  ['walk', /src\/read\//],
  ['start', /src\/(start|main|program|session|context|cli\/|commands\/)|^node:internal\/modules/],
];

/** Only where no code of ours asked for it. */
const network = /^node:(_http|net|internal\/(stream|http))/;

/** In the order in which a contact meets them. */
const order = ['answer', 'walk', 'check', 'columns', 'format', 'file', 'start', 'memory', 'other'];

let program;

/** Microseconds of CPU a contact, by stage, of an export with these flags from a server of so many. */
export async function profileExport(contacts, env, flags) {
  program ??= bundled('src/start.ts');
  const out = await program;
  const script = join(out, 'run.mjs');
  writeFileSync(script, "import { start } from './start.mjs';\nawait start();\n");
  const profiles = await mkdtemp(join(folder, 'profile-'));
  const profiled = ['--cpu-prof', '--cpu-prof-interval', '250', '--cpu-prof-dir', profiles];
  measure([node, ...profiled, script, 'contacts', 'export', ...flags], env);
  const [name] = readdirSync(profiles);
  const profile = JSON.parse(readFileSync(join(profiles, name), 'utf8'));
  const sums = sumByStage(profile, mapsIn(out));
  return order.map((stage) => [stage, (sums.get(stage) ?? 0) / contacts]);
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

function sumByStage({ nodes, samples, timeDeltas }, maps) {
  const parents = new Map(nodes.flatMap((it) => (it.children ?? []).map((id) => [id, it])));
  const known = new Map();
  const stageOf = (it) => {
    if (!known.has(it.id)) known.set(it.id, find(it));
    return known.get(it.id);
  };
  const find = (it) => {
    const parent = parents.get(it.id);
    const asked = ownStage(it.callFrame, maps) ?? (parent && stageOf(parent));
    return asked ?? (network.test(it.callFrame.url) ? 'answer' : undefined);
  };
  const byId = new Map(nodes.map((it) => [it.id, it]));
  const sums = new Map();
  for (const [at, id] of samples.entries()) {
    const it = byId.get(id);
    if (it.callFrame.functionName === '(idle)') continue;
    const stage = stageOf(it) ?? 'other';
    sums.set(stage, (sums.get(stage) ?? 0) + timeDeltas[at]);
  }
  return sums;
}

function ownStage({ functionName, url, lineNumber, columnNumber }, maps) {
  if (functionName === '(garbage collector)') return 'memory';
  const map = maps.get(basename(url));
  const source = map?.findEntry(lineNumber, columnNumber).originalSource ?? url;
  return stages.find(([, pattern]) => pattern.test(source))?.[0];
}
