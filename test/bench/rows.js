// What is measured, a row each. A row's work returns what came out: ours beside a reference, the
// ratios of all pairs, or a value by itself; and its aim is for the ratio, else for the value.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { formatRows, stageRow } from './format-rows.js';
import {
  bundled,
  cli,
  folder,
  fromPairs,
  local,
  measure,
  median,
  node,
  pairs,
  tellPeak,
  withSandbox,
  withServer,
} from './measure.js';
import { syncRows } from './sync-rows.js';

const major = Number(process.versions.node.split('.')[0]);
const bare = [node, '-e', '0'];
const empty = [node, local('empty.js')];
const exported = (name) => [node, cli, 'contacts', 'export', '-o', join(folder, name)];
const toFile = exported('out.csv');
const oneAfterTheOther = [...toFile, '--concurrency', '1'];
const loop = ({ url, token }) => [node, local('node-http-loop.js'), url, token];

function compare(ours, reference, of, { runs, env }) {
  return fromPairs(pairs(ours, reference, { runs, env }), of);
}

const fixed = (ours, reference) => ({ ours, reference, ratios: [ours / reference] });

/** Contacts of one size are fetched for all rows that ask about them; of several runs the middle one counts. */
const sizes = new Map();
async function exportOf(contacts, runs = 1) {
  if (!sizes.has(contacts)) {
    const run = ({ env }) =>
      Array.from({ length: runs }, () => measure(toFile, { ...env, ...tellPeak }));
    const found = await withSandbox(['--contacts', String(contacts)], run);
    const byMemory = found.toSorted((x, y) => x.peak - y.peak);
    sizes.set(contacts, byMemory[Math.floor(runs / 2)]);
  }
  return sizes.get(contacts);
}

/** Three exports, each from a server of its own: chance decides when a limit is overstepped. */
let rated;
async function exportsAtARate() {
  rated ??= [await exportAtARate(), await exportAtARate(), await exportAtARate()];
  return rated;
}

async function exportAtARate() {
  return withServer([local('rate-server.js'), '20', '160'], /url (\S+) token (\S+)/, run);

  async function run({ url, env }) {
    const { wall } = measure(toFile, env);
    const { answered, refused } = await (await fetch(url)).json();
    const ideal = { wall: (answered - 20) / 20, refused: answered + refused };
    return [{ wall, refused }, ideal];
  }
}

/** A run that goes on after its last page failed, and one that fetches all. */
function resumed() {
  return withSandbox(['--contacts', '200000', '--fault', '500@lastx1'], ({ env }) => {
    measure([...toFile, '--max-attempts', '1'], env, 5);
    return [measure([...toFile, '--resume'], env), measure(toFile, env)];
  });
}

async function watchFor(looks, way) {
  const script = join(await bundled('test/bench/watch-soak.js'), 'watch-soak.mjs');
  const args = ['--expose-gc', script, String(looks), way];
  const { stdout, stderr, status } = spawnSync(node, args, {
    env: { REEKOLECT_CONFIG_DIR: folder },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the watch ended with ${status}: ${stderr}`);
  const { arrivals, memory } = JSON.parse(stdout);
  const [early, late] = memory;
  const heaps = `${early.heap.toFixed(1)} and ${late.heap.toFixed(1)} MB`;
  return {
    ...fixed(late.rss, early.rss),
    unit: 'MB',
    lines: [`${arrivals} arrivals, each shown once, in order; the heap held ${heaps}`],
  };
}

export const rows = [
  {
    name: 'version',
    what: '--version / node -e 0',
    aim: 1.1,
    work: () => compare([node, cli, '--version'], bare, 'wall', { runs: 25 }),
  },
  {
    name: 'help',
    what: '--help / node -e 0',
    aim: 1.1,
    work: () => compare([node, cli, '--help'], bare, 'wall', { runs: 25 }),
  },
  {
    name: 'list',
    what: 'contacts list, one page / an empty script',
    aim: 2.2,
    work: () =>
      withSandbox(['--contacts', '50'], ({ env }) =>
        compare([node, cli, 'contacts', 'list'], empty, 'wall', { runs: 21, env }),
      ),
  },
  {
    name: 'list-request',
    what: 'contacts list, one page / one bare request',
    aim: 1.65,
    work: () =>
      withSandbox(['--contacts', '50'], ({ url, token, env }) => {
        const request = [node, local('one-request.js'), url, token];
        return compare([node, cli, 'contacts', 'list'], request, 'wall', { runs: 21, env });
      }),
  },
  {
    name: 'completion',
    what: 'completion of a word / an empty script',
    aim: 1.6,
    work: () =>
      compare([node, cli, '__complete', 'bash', '--', 'contacts', 'li'], empty, 'wall', {
        runs: 21,
      }),
  },
  ...[
    ['export-cpu', 'export of 20,000 to a file / bare loop, CPU', toFile, 'cpu', 2.3],
    ['export-wall', 'export of 20,000 to a file / bare loop, wall', toFile, 'wall', 2],
    ['pipe-cpu', 'export of 20,000 to a pipe / bare loop, CPU', toFile.slice(0, 4), 'cpu', 2.2],
    ['ndjson-cpu', 'the same as ndjson / bare loop, CPU', exported('out.ndjson'), 'cpu', 2],
  ].map(([name, what, command, of, aim]) => ({
    name,
    what,
    aim,
    work: () =>
      withSandbox(['--contacts', '20000'], (server) =>
        compare(command, loop(server), of, { runs: 9, env: server.env }),
      ),
  })),
  {
    name: 'curl',
    what: 'export of 20,000 to a file / curl + jq, CPU',
    aim: 0.04,
    work: () =>
      withSandbox(['--contacts', '20000'], ({ url, token, env }) => {
        const byHand = measure(['bash', local('curl-jq-loop.sh'), url, token]);
        const ours = [1, 2, 3].map(() => measure(toFile, env).cpu);
        return fixed(median(ours), byHand.cpu);
      }),
  },
  {
    name: 'latency',
    what: '400 pages of 50 ms / eight at once, ideally',
    aim: 1.2,
    work: () =>
      withSandbox(['--contacts', '20000', '--latency', '50'], ({ env }) => {
        const ideal = { wall: (400 * 0.05) / 8 };
        return fromPairs(
          [1, 2, 3].map(() => [measure(toFile, env), ideal]),
          'wall',
        );
      }),
  },
  {
    name: 'latency-loop',
    what: '400 pages of 50 ms / bare loop',
    aim: 1.1,
    work: () =>
      withSandbox(['--contacts', '20000', '--latency', '50'], (server) =>
        compare(toFile, loop(server), 'wall', { runs: 3, env: server.env }),
      ),
  },
  {
    name: 'latency-one',
    what: '400 pages of 50 ms / one at a time',
    work: () =>
      withSandbox(['--contacts', '20000', '--latency', '50'], ({ env }) =>
        fixed(measure(toFile, env).wall, measure(oneAfterTheOther, env).wall),
      ),
  },
  {
    name: 'rate-wall',
    what: '160 pages, 20 a second allowed / what that takes',
    aim: 1.1,
    work: async () => fromPairs(await exportsAtARate(), 'wall'),
  },
  {
    name: 'rate-refused',
    what: 'the same: 429 / answers',
    aim: 0.05,
    work: async () => ({ ...fromPairs(await exportsAtARate(), 'refused'), unit: '' }),
  },
  {
    name: 'memory-200k',
    what: 'peak memory, 200,000 contacts',
    aim: { 20: 120, 24: 170 }[major],
    work: async () => ({ ours: (await exportOf(200_000, 3)).peak, unit: 'MB' }),
  },
  {
    name: 'memory-1m',
    what: 'peak memory, 1,000,000 contacts',
    aim: 175,
    work: async () => ({ ours: (await exportOf(1_000_000)).peak, unit: 'MB' }),
  },
  {
    name: 'linear',
    what: 'CPU a contact, 1,000,000 / 200,000',
    aim: 1.15,
    work: async () => {
      const micros = async (contacts) => ((await exportOf(contacts)).cpu / contacts) * 1e6;
      return { ...fixed(await micros(1_000_000), await micros(200_000)), unit: 'µs' };
    },
  },
  {
    name: 'resume',
    what: '--resume of 200,000 / fetching them, CPU',
    aim: 0.6,
    work: async () => fromPairs([await resumed(), await resumed(), await resumed()], 'cpu'),
  },
  {
    name: 'watch',
    what: 'memory, 100,000 looks of a watch / after 1,000',
    aim: 1.5,
    work: () => watchFor(100_000, 'direct'),
  },
  {
    name: 'watch-wire',
    what: 'memory, 3,000 looks of one by HTTP / after 300',
    aim: 1.5,
    work: () => watchFor(3000, 'wire'),
  },
  ...syncRows,
  ...formatRows,
  stageRow,
];
