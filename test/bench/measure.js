import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const node = process.execPath;
export const cli = fileURLToPath(new URL('../../bin/reekolect.js', import.meta.url));

/** A file of this folder. */
export const local = (name) => fileURLToPath(new URL(name, import.meta.url));

/** For what the runs write, their home included, so that they find a code cache of their own. */
export const folder = mkdtempSync(join(tmpdir(), 'reekolect-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/**
 * Runs a command once under bash's own clock, with hardly any environment: NODE_EXTRA_CA_CERTS
 * alone would cost 30 ms. Seconds of wall and CPU time, peak memory in MB, and its stderr.
 */
export function measure(command, env = {}, exit = 0) {
  const { stderr, status } = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null', 'bash', ...command],
    { env: { PATH: process.env.PATH, HOME: folder, ...env }, encoding: 'utf8', maxBuffer: 1e9 },
  );
  if (status !== exit) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
  const [wall, user, system] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  const peak = Number(/peak (\d+)/.exec(stderr)?.[1] ?? Number.NaN) / 1024;
  return { wall, cpu: user + system, peak, stderr };
}

/** Makes a Node process tell its peak memory, in KB, as it ends. */
export const tellPeak = {
  NODE_OPTIONS:
    "--import data:text/javascript,process.on('exit',()=>process.stderr.write('peak%20'+process.resourceUsage().maxRSS+'%5Cn'))",
};

/** The folder of a script that was bundled with all of src that it needs, and with a map. */
export async function bundled(entry) {
  const out = mkdtempSync(join(folder, 'bundled-'));
  await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: [entry],
    outdir: out,
    bundle: true,
    splitting: true,
    sourcemap: true,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node20',
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    external: ['pg-native', 'pg-cloudflare'],
    logLevel: 'error',
  });
  return out;
}

/** Both commands in turn, so many times, after one of each that does not count. */
export function pairs(ours, reference, { runs, env = {} }) {
  measure(ours, env);
  measure(reference, env);
  return Array.from({ length: runs }, () => [measure(ours, env), measure(reference, env)]);
}

export function quantile(numbers, share) {
  return numbers.toSorted((x, y) => x - y)[Math.floor((numbers.length - 1) * share)];
}

/** What came out of pairs of measurements, by one of their figures. */
export function fromPairs(found, of) {
  return {
    ours: median(found.map(([it]) => it[of])),
    reference: median(found.map(([, it]) => it[of])),
    ratios: found.map(([a, b]) => a[of] / b[of]),
  };
}

export const median = (numbers) => quantile(numbers, 0.5);

/** Does the work with the sandbox in a process of its own. */
export async function withSandbox(flags, work) {
  return withServer([cli, 'sandbox', ...flags], /url +(\S+)\s+token +(\S+)/, work);
}

/** Does the work with a server that says where it listens and which token it takes. */
export async function withServer(args, pattern, work) {
  const server = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let text = '';
    while (!pattern.test(text)) text += (await once(server.stdout, 'data'))[0];
    const [, url, token] = pattern.exec(text);
    return await work({ url, token, env: { REEKOLECT_API_URL: url, REEKOLECT_TOKEN: token } });
  } finally {
    server.kill();
  }
}
