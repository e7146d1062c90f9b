// Ratios of whole processes, measured side by side in one run. Not a test: machines differ.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, measure, pair, tellPeak, withSandbox } from './measure.js';

const node = process.execPath;
const bare = [node, '-e', '0'];
const here = new URL('.', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'reekolect-bench-'));
const file = join(folder, 'out.csv');
const toFile = [node, cli, 'contacts', 'export', '-o', file];

function say(what, { a, b, ratio }, unit, aim) {
  const figures = `${a.toFixed(3)} / ${b.toFixed(3)} ${unit}`;
  process.stdout.write(
    `${what.padEnd(52)} ${figures.padEnd(20)} = ${ratio.toFixed(2).padStart(6)}   aim ${aim}\n`,
  );
}

function once(a, b, of) {
  return { a: a[of], b: b[of], ratio: a[of] / b[of] };
}

try {
  say('--version / bare node, wall', pair([node, cli, '--version'], bare), 's', '<= 1.25');
  say('--help / bare node, wall', pair([node, cli, '--help'], bare), 's', '<= 1.25');
  await withSandbox(['--contacts', '50'], ({ env }) => {
    say(
      'contacts list, one page / bare node, wall',
      pair([node, cli, 'contacts', 'list'], bare, { env }),
      's',
      '<= 2.2',
    );
  });
  await withSandbox(['--contacts', '20000'], ({ url, token, env }) => {
    const loop = [node, join(here, 'node-http-loop.js'), url, token];
    const byHand = ['bash', join(here, 'curl-jq-loop.sh'), url, token];
    say(
      'export of 20,000 / node:http by hand, CPU',
      pair(toFile, loop, { runs: 7, of: 'cpu', env }),
      's',
      '<= 2.5',
    );
    const piped = [node, cli, 'contacts', 'export'];
    say(
      'the same to a file / to a pipe (no page log), CPU',
      pair(toFile, piped, { runs: 7, of: 'cpu', env }),
      's',
      '<= 1.15',
    );
    say(
      'export of 20,000 / curl + jq, CPU',
      once(measure(toFile, env), measure(byHand, env), 'cpu'),
      's',
      '<= 0.067',
    );
  });
  await withSandbox(['--contacts', '20000', '--latency', '50'], ({ url, token, env }) => {
    const byHand = ['bash', join(here, 'curl-jq-loop.sh'), url, token];
    const auto = measure(toFile, env);
    const ideal = { wall: (400 * 0.05) / 8 };
    const single = measure([...toFile, '--concurrency', '1'], env);
    say('400 pages of 50 ms / ideal for 8 at once, wall', once(auto, ideal, 'wall'), 's', '<= 1.3');
    say('the same / one page at a time, wall', once(auto, single, 'wall'), 's', '~ 0.125');
    say('the same / curl + jq, wall', once(auto, measure(byHand, env), 'wall'), 's', '');
  });
  const sizes = {};
  for (const contacts of [10_000, 200_000, 1_000_000]) {
    await withSandbox(['--contacts', String(contacts)], ({ env }) => {
      sizes[contacts] = measure(toFile, { ...env, ...tellPeak });
      const { wall, cpu, peak } = sizes[contacts];
      const each = ((cpu / contacts) * 1e6).toFixed(0);
      process.stdout.write(
        `${contacts} contacts: ${wall.toFixed(1)} s, ${cpu.toFixed(1)} s CPU (${each} µs each), peak ${peak.toFixed(0)} MB\n`,
      );
    });
  }
  say('peak memory, 200,000 / 10,000', once(sizes[200_000], sizes[10_000], 'peak'), 'MB', '<= 1.3');
  say('peak memory, 1,000,000 / 10,000', once(sizes[1_000_000], sizes[10_000], 'peak'), 'MB', '');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
