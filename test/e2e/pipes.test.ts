import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { cleanEnv, type Env, envOf, program, runCli, tempFolder, watch } from '../support/cli.ts';
import { everyPage, sandboxWith } from '../support/sandbox.ts';
import { serve } from '../support/service.ts';

vi.setConfig({ testTimeout: 60_000 });

const elsewhere = 'send it elsewhere: > FILE, or -o FILE\n';

/** Runs a line of bash in which `$reekolect` is the program. */
async function bash(line: string, env: Env = {}) {
  const reekolect = `${process.execPath} ${program}`;
  const child = spawn('bash', ['-c', line], { env: { ...(await cleanEnv(env)), reekolect } });
  return watch(child).ended;
}

describe.concurrent('a reader that has had enough', () => {
  test.each([
    'contacts list',
    'contacts list --all',
    'contacts export',
    'contacts export --format json',
    'contacts export --format ndjson',
    'contacts export --format tsv --columns all',
    'contacts stats',
    'help contacts export',
    'completion bash',
  ])('`%s | head -1` ends well, in silence', async (command) => {
    const env = envOf(await sandboxWith({ contacts: 5000, pageSize: 500 }));
    const line = `$reekolect ${command} | head -1; echo "exit $PIPESTATUS" >&2`;
    const { stdout, stderr } = await bash(line, env);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr.replace('warning: first 50, there may be more: --all\n', '')).toBe('exit 0\n');
  });

  test.each([
    'contacts count',
    'contacts export',
    'help filters',
    '--version',
    'doctor',
    'config list',
  ])('`%s` with nobody there at all ends well too', async (command) => {
    const env = envOf(await sandboxWith());
    const line = `{ sleep 0.3; $reekolect ${command}; echo "exit $?" >&2; } | sleep 0`;
    expect((await bash(line, env)).stderr).toBe('exit 0\n');
  });

  test('ends a huge export at once', async () => {
    const sandbox = await sandboxWith({ contacts: 500_000, pageSize: 500, latencyMs: 20 });
    const line = `$reekolect contacts export | head -5; echo "exit $PIPESTATUS" >&2`;
    const { stdout, stderr } = await bash(line, envOf(sandbox));
    expect(stderr).toBe('exit 0\n');
    expect(stdout.split('\n')).toHaveLength(6);
    expect(sandbox.requests).toBeLessThan(100);
  });
});

test('a run that was terminated says so, also when its reader goes away as well', async () => {
  const env = envOf(await sandboxWith({ contacts: 50_000, pageSize: 500 }));
  const run = '$reekolect contacts export & sleep 1; kill -TERM $!; wait $!; echo "exit $?" >&2';
  expect((await bash(`{ ${run}; } | sleep 1.5`, env)).stderr).toBe('exit 143\n');
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a reader that sleeps does not keep a run from its %s', async (signal, exit) => {
  const env = {
    ...(await cleanEnv(envOf(await sandboxWith({ contacts: 50_000, pageSize: 500 })))),
  };
  const args = [program, 'contacts', 'export', '--format', 'ndjson'];
  // Nobody reads the pipe.
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const start = performance.now();
  child.kill(signal);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect(performance.now() - start).toBeLessThan(1000);
  expect(code).toBe(exit);
});

describe.concurrent('a reader that is slow', () => {
  test('gets everything, far more than a pipe holds', async () => {
    const sandbox = await sandboxWith({ contacts: 3000, pageSize: 500 });
    const file = join(await tempFolder(), 'read');
    const line = `set -o pipefail; $reekolect contacts export --format ndjson | { sleep 1.5; cat > ${file}; }`;
    const { code, stderr } = await bash(line, envOf(sandbox));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const text = await readFile(file, 'utf8');
    expect(text.length).toBeGreaterThan(20 * 65_536);
    const ids = text
      .split('\n')
      .slice(0, -1)
      .map((json) => JSON.parse(json)._id);
    expect(ids).toEqual(sandbox.idsNow());
  });

  test('is waited for: the service is not read to the end meanwhile', async () => {
    const sandbox = await sandboxWith({ contacts: 50_000, pageSize: 100 });
    const line = '$reekolect contacts export --format ndjson | { sleep 1.5; head -1; }';
    await bash(line, envOf(sandbox));
    expect(sandbox.requests).toBeLessThan(100);
  });

  test('gets the last byte of long help and of an error', async () => {
    const { stdout } = await bash('$reekolect help contacts export | { sleep 0.5; cat; }');
    expect(stdout).toBe((await runCli(['contacts', 'export', '--help'])).stdout);
  });
});

describe.concurrent('streams that are closed or full', () => {
  test.runIf(process.platform === 'linux')('stdout closed: what would write says so', async () => {
    const sandbox = await sandboxWith();
    const env = envOf(sandbox);
    const closed = {
      code: 7,
      stderr: expect.stringContaining('error: standard output is closed'),
    };
    expect(await bash('$reekolect contacts export >&-', env)).toMatchObject(closed);
    expect(sandbox.requests).toBe(0);
    for (const command of ['contacts list', 'contacts count', 'doctor', 'config path']) {
      expect(await bash(`$reekolect ${command} >&-`, env), command).toMatchObject(closed);
    }
  });

  test('stdout discarded: all is well', async () => {
    const env = envOf(await sandboxWith());
    expect(await bash('$reekolect contacts export > /dev/null', env)).toMatchObject({ code: 0 });
    const whole = { ...(await cleanEnv(env)), run: `${process.execPath} ${program} contacts list` };
    for (const line of ['$run', '$run; $run; exit $?']) {
      const child = spawn('bash', ['-c', line], { env: whole, stdio: 'ignore' });
      expect(await once(child, 'exit'), line).toEqual([0, null]);
    }
  });

  test.runIf(process.platform === 'linux')('a file that grows too large: exit 7', async () => {
    const env = envOf(await sandboxWith());
    const file = join(await tempFolder(), 'out.csv');
    // Of the chunk that reaches the limit, the first part is written without an error.
    const line = `trap '' XFSZ; ulimit -f 8; $reekolect contacts export > ${file}`;
    expect(await bash(line, env)).toMatchObject({
      code: 7,
      stderr: `error: standard output can't be written: it would be larger than the limit for files\n${elsewhere}`,
    });
  });

  test('stderr closed loses the warnings, not the data', async () => {
    const env = envOf(await sandboxWith());
    const list = await bash('$reekolect contacts list --columns id 2>&-', env);
    expect(list.code).toBe(0);
    expect(list.stdout.split('\n')).toHaveLength(52);
    expect((await bash('$reekolect contacts list --tga 2>&-', env)).code).toBe(2);
  });

  test('a reader of stderr that goes away does not stop the data', async () => {
    const env = envOf(await sandboxWith({ contacts: 500 }));
    const line =
      '{ $reekolect contacts export -v 2>&3 3>&-; echo "exit $?" >&4; } 4>&2 3> >(sleep 0)';
    const { stdout, stderr } = await bash(line, env);
    expect(stdout.length).toBeGreaterThan(50_000);
    expect(stderr).toBe('exit 0\n');
  });

  test('standard input closed is no trouble', async () => {
    const env = envOf(await sandboxWith());
    expect((await bash('$reekolect contacts list --limit 1 <&-', env)).code).toBe(0);
  });

  test
    .runIf(process.platform === 'linux')
    .each(['contacts export', 'contacts count', 'help filters'])(
    'a full disk under `%s` is told: exit 7',
    async (command) => {
      const env = envOf(await sandboxWith());
      const { code, stderr } = await bash(`$reekolect ${command} > /dev/full`, env);
      expect({ code, stderr }).toEqual({
        code: 7,
        stderr: `error: standard output can't be written: the disk is full\n${elsewhere}`,
      });
    },
  );

  test('a regular file gets every byte', async () => {
    const sandbox = await sandboxWith({ contacts: 2000, pageSize: 500 });
    const file = join(await tempFolder(), 'out.ndjson');
    const out = openSync(file, 'w');
    const args = [program, 'contacts', 'export', '--format', 'ndjson'];
    const env = { ...(await cleanEnv(envOf(sandbox))) };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', out, 'pipe'] });
    expect(await watch(child).ended).toMatchObject({ code: 0, stderr: '' });
    closeSync(out);
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(2001);
  });
});

describe('a list in a pipe', () => {
  test('is tab-separated, in full, without colour, with RFC 3339 times', async () => {
    const sandbox = await sandboxWith({ contacts: 49 });
    const env = {
      ...envOf(sandbox),
      TERM: 'xterm-256color',
      COLUMNS: '40',
      TZ: 'Africa/Johannesburg',
    };
    const { stdout, stderr } = await bash('$reekolect contacts list | cat', env);
    expect(stderr).toBe('');
    const [header = '', ...rows] = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'));
    expect(header).toEqual(
      'id name phone email platform status tags created_at last_seen_at'.split(' '),
    );
    const records = await everyPage(sandbox);
    expect(rows.map((row) => [row[0], row[7]])).toEqual(
      records.map(({ _id, createdAt }) => [_id, createdAt]),
    );
    for (const row of rows) expect(row).toHaveLength(9);
    // The names' own escape bytes are data; of ours there are none.
    expect(header.toString()).not.toContain('\u001b');
    expect(stdout).not.toContain('…');
  });

  test('escapes what would break a line or a cell', async () => {
    const name = 'a\tb\nc\\d\re';
    const env = envOf(
      await serve({ contacts: [{ _id: '1', profile: { userDetails: { name } } }] }),
    );
    const { stdout } = await bash('$reekolect contacts list --columns name,id | cat', env);
    expect(stdout).toBe('name\tid\na\\tb\\nc\\\\d\\re\t1\n');
  });

  test('asks for no colour even where FORCE_COLOR is set: tsv has none', async () => {
    const env = {
      ...envOf(await serve({ contacts: [{ _id: '1', status: 'CLOSED' }] })),
      FORCE_COLOR: '3',
    };
    const { stdout } = await bash('$reekolect contacts list --columns id,status | cat', env);
    expect(stdout).toBe('id\tstatus\n1\tCLOSED\n');
  });
});

describe.concurrent('as cron runs it: hardly any environment, no terminal', () => {
  test('success is silent, and the file is there', async () => {
    const sandbox = await sandboxWith({ contacts: 120 });
    const folder = await tempFolder();
    const line = `cd ${folder} && exec env -i PATH=/usr/bin:/bin REEKOLECT_TOKEN=${sandbox.token} REEKOLECT_API_URL=${sandbox.url} $reekolect contacts export --created-after 10000d -o 'all-{date}.csv' < /dev/null`;
    expect(await bash(line)).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    const made = new Date().toISOString().slice(0, 10);
    expect((await bash(`wc -l < ${folder}/all-${made}.csv`)).code).toBe(0);
  });

  test('without a home there is a store neither to read nor to trip over', async () => {
    const { url, token } = await sandboxWith();
    const line = `exec env -i REEKOLECT_TOKEN=${token} REEKOLECT_API_URL=${url} $reekolect contacts count`;
    expect(await bash(line)).toEqual({ code: 0, signal: null, stdout: '240\n', stderr: '' });
  });

  test('what is done about a failing service is said once, at the end', async () => {
    const { url, token } = await sandboxWith({ faults: [{ kind: '500', times: 2 }] });
    const env = `env -i REEKOLECT_TOKEN=${token} REEKOLECT_API_URL=${url}`;
    expect(await bash(`${env} $reekolect contacts count`)).toMatchObject({ code: 0, stderr: '' });
    const { code, stderr } = await bash(
      `${env} $reekolect contacts count --api-url http://127.0.0.1:9 --max-attempts 2`,
    );
    expect(code).toBe(6);
    expect(stderr.split('\n')).toHaveLength(3);
  });

  test('auth login asks nobody', async () => {
    const { code, stderr } = await bash('exec env -i $reekolect auth login < /dev/null');
    expect(code).toBe(2);
    expect(stderr).toContain('there is no terminal to ask for the token');
  });
});
