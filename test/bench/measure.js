import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const cli = fileURLToPath(new URL('../../bin/reekolect.js', import.meta.url));

/** Runs a command once under bash's own clock. Seconds of wall and CPU time, and peak memory in MB. */
export function measure(command, env = {}) {
  const { stderr, status } = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null', 'bash', ...command],
    {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      encoding: 'utf8',
      maxBuffer: 1e8,
    },
  );
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
  const [wall, user, system] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  const peak = Number(/peak (\d+)/.exec(stderr)?.[1] ?? Number.NaN);
  return { wall, cpu: user + system, peak: peak / 1024 };
}

/** Makes a Node process tell its peak memory, in KB, as it ends. */
export const tellPeak = {
  NODE_OPTIONS:
    "--import data:text/javascript,process.on('exit',()=>process.stderr.write('peak%20'+process.resourceUsage().maxRSS+'%5Cn'))",
};

/** Both commands in turn, `runs` times each: the medians of a and b, and of the ratios pair by pair. */
export function pair(a, b, { runs = 11, of = 'wall', env = {} } = {}) {
  measure(a, env);
  measure(b, env);
  const pairs = Array.from({ length: runs }, () => [measure(a, env)[of], measure(b, env)[of]]);
  return {
    a: median(pairs.map(([first]) => first)),
    b: median(pairs.map(([, second]) => second)),
    ratio: median(pairs.map(([first, second]) => first / second)),
  };
}

export function median(numbers) {
  return numbers.toSorted((x, y) => x - y)[Math.floor(numbers.length / 2)];
}

/** Does the work with a sandbox in a process of its own. */
export async function withSandbox(flags, work) {
  const sandbox = spawn(process.execPath, [cli, 'sandbox', ...flags]);
  try {
    let text = '';
    while (!text.includes('token ')) text += (await once(sandbox.stdout, 'data'))[0];
    const url = /url +(\S+)/.exec(text)[1];
    const token = /token +(\S+)/.exec(text)[1];
    await work({ url, token, env: { REEKOLECT_API_URL: url, REEKOLECT_TOKEN: token } });
  } finally {
    sandbox.kill();
  }
}
