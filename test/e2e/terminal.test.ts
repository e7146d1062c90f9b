import { spawn, spawnSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, test, vi } from 'vitest';
import { cleanEnv, type Env, envOf, program, tempFolder, watch } from '../support/cli.ts';
import { sandboxWith } from '../support/sandbox.ts';
import { idOf, serve } from '../support/service.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Runs a command on a terminal of its own, types when it sees what it waits for, tells what came. */
const driver = `
import fcntl, json, os, pty, select, struct, sys, termios, time
job = json.load(sys.stdin)
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, job['columns'], 0, 0))
    os.chdir(job['cwd'])
    os.execvpe(job['argv'][0], job['argv'], job['env'])
out, seen, steps, end = b'', 0, job['steps'], time.time() + 25
typed = None
while time.time() < end:
    if fd in select.select([fd], [], [], 0.05)[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        out += data
    if steps and steps[0][0].encode() in out[seen:]:
        seen = len(out)
        time.sleep(0.1)
        os.write(fd, steps.pop(0)[1].encode())
        typed = time.time()
echo = bool(termios.tcgetattr(fd)[3] & termios.ECHO)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
since = None if typed is None else time.time() - typed
json.dump({'code': code, 'echo': echo, 'since': since, 'text': out.decode('utf8', 'replace')}, sys.stdout)
`;

interface Shown {
  readonly code: number;
  /** Everything that came to the terminal, from stdout and stderr. */
  readonly text: string;
  /** Whether the terminal shows again what is typed. */
  readonly echo: boolean;
  /** Seconds from the last typing to the end. */
  readonly since: number | null;
}

interface Terminal {
  readonly columns?: number;
  readonly env?: Env;
  readonly cwd?: string;
  /** What to type, once that is seen. */
  readonly steps?: readonly (readonly [seen: string, typed: string])[];
}

async function onTerminal(words: readonly string[], terminal: Terminal = {}): Promise<Shown> {
  const { columns = 80, cwd = await tempFolder(), steps = [] } = terminal;
  const env = await cleanEnv({ TERM: 'xterm-256color', LANG: 'C.UTF-8', ...terminal.env });
  const child = spawn('python3', ['-c', driver]);
  const { code, stdout, stderr } = await watch(
    child,
    JSON.stringify({ argv: words, env, columns, cwd, steps }),
  ).ended;
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function reekolect(args: readonly string[], terminal?: Terminal): Promise<Shown> {
  return onTerminal([process.execPath, program, ...args], terminal);
}

const hasTerminals =
  spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0;
const colour = /\u001b\[[\d;]*m/g;

function plain(text: string): string {
  return text.replace(colour, '');
}

function linesOf(text: string): readonly string[] {
  return plain(text).split('\r\n').slice(0, -1);
}

const hostile = [
  '\u001b[31mRed\u001b[0m',
  '\u001b]0;owned\u0007Title',
  '\u009b2JCleared',
  'two\nlines\ttab\rback',
  '\u202Egnp.eciovni',
  'zero\u200bwidth\u2066x\u2069',
  'half \ud83d',
  '👩‍👩‍👧‍👦 Familie',
  '山田太郎 山田太郎 山田太郎 山田太郎 山田太郎',
  'مرحبا بالعالم',
  `Z${'\u0300'.repeat(200)}algo`,
  'é'.normalize('NFD').repeat(40),
  '\b\b\b\x7f\x00 erased',
];

function hostileService() {
  const contacts = hostile.map((name, n) => ({
    _id: `65d10000000000000000000${n.toString(16)}`,
    status: n % 2 === 0 ? 'INPROGRESS' : name,
    profile: { userDetails: { name, tags: [name, 'vip'] } },
    createdAt: '2026-11-01T00:00:00.000Z',
  }));
  return serve({ contacts });
}

describe.runIf(hasTerminals)('a list on a terminal', () => {
  test.each([60, 80, 120, 200])('fits %i columns', async (columns) => {
    for (const service of [await sandboxWith(), await hostileService()]) {
      const { code, text } = await reekolect(['contacts', 'list', '-q'], {
        env: envOf(service),
        columns,
      });
      expect(code).toBe(0);
      const lines = linesOf(text);
      expect(lines.length).toBeGreaterThan(10);
      expect(lines[0]).toMatch(/^NAME +PHONE +EMAIL/);
      if (columns >= 80) expect(text).toContain('INPROGRESS');
      for (const line of lines) {
        expect({ line, fits: stringWidth(line) <= columns }).toEqual({ line, fits: true });
      }
      expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeGreaterThan(columns * 0.8);
    }
  });

  test('lets no control character of a name through, whatever the format', async () => {
    const service = await hostileService();
    const list = ['contacts', 'list', '-q'];
    const columns = ['--columns', 'id,name,tags'];
    const formats = ['table', 'tsv', 'csv', 'json', 'ndjson', 'markdown'];
    const whole = ['json', 'ndjson'].map((format) => [...list, '--format', format]);
    const chosen = formats.map((format) => [...list, '--format', format, ...columns]);
    for (const args of [...whole, ...chosen]) {
      const { code, text } = await reekolect(args, { env: envOf(service), columns: 120 });
      expect(code).toBe(0);
      expect(text).toContain('Familie');
      const left = plain(text)
        .replaceAll('\r\n', '')
        .match(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g);
      expect({ args, left }).toEqual({ args, left: null });
      expect(text).not.toContain('\u001b[31m');
    }
  });

  test('is coloured with restraint: the heading, and what stands out', async () => {
    const env = envOf(await hostileService());
    const { text } = await reekolect(['contacts', 'list', '-q', '--columns', 'id,status'], { env });
    const [head = ''] = text.split('\r\n');
    expect(head).toMatch(colour);
    expect(text).toMatch(/\u001b\[33mINPROGRESS\u001b\[39m/);
    expect(new Set(text.match(colour))).toEqual(
      new Set(['\u001b[1m', '\u001b[22m', '\u001b[33m', '\u001b[39m']),
    );
  });

  test.each<readonly [what: string, env: Env, flags: readonly string[]]>([
    ['NO_COLOR', { NO_COLOR: '1' }, []],
    ['TERM=dumb', { TERM: 'dumb' }, []],
    ['--no-color', {}, ['--no-color']],
  ])('has no colour with %s, not even in its progress', async (_what, env, flags) => {
    const sandbox = await sandboxWith({ latencyMs: 300 });
    const args = ['contacts', 'list', ...flags];
    const { code, text } = await reekolect(args, { env: { ...envOf(sandbox), ...env } });
    expect(code).toBe(0);
    expect(text.match(colour)).toBeNull();
    expect(linesOf(text).length).toBeGreaterThan(50);
  });

  test('has no colour where only stderr is the terminal', async () => {
    const folder = await tempFolder();
    const line = '"$0" "$1" contacts list --columns id,status > out';
    const env = envOf(await hostileService());
    await onTerminal(['sh', '-c', line, process.execPath, program], { env, cwd: folder });
    const out = await readFile(join(folder, 'out'), 'utf8');
    expect(out.split('\n')[0]).toBe('id\tstatus');
    expect(out.split('\n')[1]).toMatch(/\tINPROGRESS$/);
  });

  test('shows times of this zone, and says what was left out', async () => {
    const env = { ...envOf(await sandboxWith()), TZ: 'Africa/Johannesburg' };
    const { text } = await reekolect(['contacts', 'list', '--columns', 'id,created_at'], { env });
    const lines = linesOf(text);
    expect(lines.at(-1)).toBe('first 50, there may be more: --all');
    expect(text).not.toMatch(/\d\dT\d\d:\d\d/);
    const all = await reekolect(['contacts', 'list', '--all', '--columns', 'id'], { env });
    expect(linesOf(all.text).at(-1)).toBe('240 contacts');
    const quiet = await reekolect(['contacts', 'list', '-q', '--columns', 'id'], { env });
    expect(quiet.text).not.toContain('first 50');
  });

  test('--no-truncate shows values in full', async () => {
    const env = envOf(await hostileService());
    const args = ['contacts', 'list', '-q', '--no-truncate', '--columns', 'id,name,tags'];
    const { text } = await reekolect(args, { env, columns: 60 });
    expect(text).toContain('山田太郎 山田太郎 山田太郎 山田太郎 山田太郎; vip');
    expect(text).not.toContain('…');
  });
});

describe.runIf(hasTerminals)('progress', () => {
  const slow = { contacts: 8000, pageSize: 50, latencyMs: 100 };

  test('a file that list or stats wrote is named', async () => {
    const cwd = await tempFolder();
    const last = async (...args: string[]) => {
      const { text } = await reekolect(['contacts', ...args, '--profile', 'sandbox'], { cwd });
      return screenOf(text);
    };
    expect(await last('list', '--all', '-o', '{profile}.csv')).toEqual([
      '240 contacts in sandbox.csv',
    ]);
    expect(await last('stats', '-o', '{profile}.svg')).toEqual(['written to sandbox.svg']);
  });

  test('appears while a slow service answers, and is gone at the end', async () => {
    const env = envOf(await sandboxWith(slow));
    const { code, text } = await reekolect(['contacts', 'export', '-o', 'a.csv'], { env });
    expect(code).toBe(0);
    expect(text).toMatch(/[\d,]+ contacts · [\d,]+\/s · ~?\d+ % · ~?\d+:\d\d left █*░+/);
    expect(screenOf(text)).toEqual([
      expect.stringMatching(/^8,000 contacts in a\.csv, 1\.\d MB, [\d.]+ s$/),
    ]);
  });

  test('knows share and time left with the first pages, and without many requests more', async () => {
    const people = Array.from({ length: 40_000 }, (_, n) => ({ _id: idOf(40_000 - n) }));
    const service = await serve({ contacts: people, pageSize: 50, latencyMs: 400 });
    const { text } = await reekolect(['contacts', 'export', '-o', 'a.csv'], {
      env: envOf(service),
      steps: [[' left', '\u0003']],
    });
    expect(text).toMatch(/[\d,]+ contacts · [\d,]+\/s · ~\d %/);
    // The walk asks for one page after another; what it does not ask for is asked for beside it.
    const asked = new Set(service.asked);
    let walked = 0;
    while (asked.has(walked + 1)) walked += 1;
    expect(service.asked.length - walked).toBeLessThan(10);
    expect(walked).toBeLessThan(40);
  });

  test('of a sync tells the rate, too', async () => {
    const env = envOf(await sandboxWith({ contacts: 2000, pageSize: 50, latencyMs: 100 }));
    const { text } = await reekolect(['contacts', 'sync', 'a.db'], {
      env,
      steps: [['/s · ', '\u0003']],
    });
    expect(text).toMatch(/[\d,]+ contacts · [\d,]+\/s/);
  });

  test('of a list is gone before the table', async () => {
    const env = envOf(await sandboxWith({ ...slow, latencyMs: 900 }));
    const { text } = await reekolect(['contacts', 'list', '--columns', 'id', '--limit', '2'], {
      env,
    });
    expect(text).toContain('0 contacts');
    expect(screenOf(text)).toEqual([
      'ID',
      expect.stringMatching(/^[0-9a-f]{24}$/),
      expect.stringMatching(/^[0-9a-f]{24}$/),
      'first 2, there may be more: --all',
    ]);
  });

  test.each<readonly [what: string, env: Env, flags: readonly string[]]>([
    ['CI', { CI: 'true' }, []],
    ['TERM=dumb', { TERM: 'dumb' }, []],
    ['-q', {}, ['-q']],
  ])('does not appear with %s', async (_what, env, flags) => {
    const service = envOf(await sandboxWith({ ...slow, contacts: 100 }));
    const { code, text } = await reekolect(['contacts', 'export', '-o', 'a.csv', ...flags], {
      env: { ...service, ...env },
    });
    expect(code).toBe(0);
    expect(text.replace(/^100 contacts in a\.csv, 1\d kB, [\d.]+ s\r\n$/, '')).toBe('');
  });
});

describe.runIf(hasTerminals)('Ctrl-C', () => {
  test('ends an export at once: exit 130, the old file as it was, and the command to go on', async () => {
    const env = envOf(await sandboxWith({ contacts: 2000, latencyMs: 400 }));
    const folder = await tempFolder();
    await writeFile(join(folder, 'a.csv'), 'old\n');
    const args = ['contacts', 'export', '-o', 'a.csv', '--concurrency', '1'];
    const shown = await reekolect(args, { env, cwd: folder, steps: [['100 contacts', '\u0003']] });
    expect(shown.code).toBe(130);
    expect(shown.since).toBeLessThan(2);
    expect(screenOf(shown.text).join('\n')).toContain(
      `go on with: reekolect ${args.join(' ')} --resume`,
    );
    expect(await readFile(join(folder, 'a.csv'), 'utf8')).toBe('old\n');
    expect((await readdir(folder)).sort()).toEqual(['a.csv', 'a.csv.part']);
    expect(shown.echo).toBe(true);
  });

  test('ends a list at once, with nothing left on the screen but itself', async () => {
    const env = envOf(await sandboxWith({ latencyMs: 20_000 }));
    const shown = await reekolect(['contacts', 'list'], { env, steps: [['0 contacts', '\u0003']] });
    expect(shown.code).toBe(130);
    expect(shown.since).toBeLessThan(2);
    expect(screenOf(shown.text).join()).toMatch(/^(\^C)?$/);
  });
});

describe.runIf(hasTerminals)('auth login on a terminal', () => {
  const prompt = 'it is not shown';

  async function login(typed: string, url: string) {
    const folder = await tempFolder();
    const config = join(folder, 'config');
    const shown = await reekolect(['auth', 'login'], {
      env: { REEKOLECT_API_URL: url, REEKOLECT_CONFIG_DIR: config },
      steps: [[prompt, typed]],
    });
    return { ...shown, folder, config, file: join(config, 'config.json') };
  }

  test('asks for the token without showing it, and stores it for its owner alone', async () => {
    const { url, token } = await sandboxWith();
    const { code, text, echo, config, file } = await login(` Bearer ${token} \r`, url);
    expect(code).toBe(0);
    expect(text).toContain('More > API Tokens');
    expect(plain(text)).toMatch(
      /signed in to 127\.0\.0\.1:\d+ as profile default, token \*{4}cdef\r\n/,
    );
    expect(text).toContain(`stored in ${file}`);
    expect(text).not.toContain(token);
    expect(text).not.toContain('Bearer');
    expect(JSON.parse(await readFile(file, 'utf8')).profiles.default.token).toBe(token);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(config)).mode & 0o777).toBe(0o700);
    expect(echo).toBe(true);
  });

  test('Ctrl-C at the prompt: exit 130, nothing stored, the terminal as it was', async () => {
    const { url } = await sandboxWith();
    const { code, text, echo, folder } = await login('half-a-tok\u0003', url);
    expect(code).toBe(130);
    expect(text).not.toContain('half-a-tok');
    expect(text).not.toContain('error');
    expect(echo).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  test('Ctrl-D, or nothing at all: nothing stored', async () => {
    const { url } = await sandboxWith();
    const ended = await login('\u0004', url);
    expect(ended.code).toBe(2);
    expect(ended.text).toContain('\u001b[31merror:\u001b[39m no token was given');
    const empty = await login('\r', url);
    expect(empty.code).toBe(4);
    expect(empty.text).toContain('\u001b[31merror:\u001b[39m the token is empty');
    expect([...(await readdir(ended.folder)), ...(await readdir(empty.folder))]).toEqual([]);
  });

  test('a token that is refused: exit 4, and neither shown nor stored', async () => {
    const { url } = await sandboxWith();
    const { code, text, folder } = await login('a-wrong-token-0123456789\r', url);
    expect(code).toBe(4);
    expect(text).not.toContain('a-wrong-token');
    expect(await readdir(folder)).toEqual([]);
  });

  test('--no-input never asks: exit 2', async () => {
    const { code, text } = await reekolect(['auth', 'login', '--no-input']);
    expect(code).toBe(2);
    expect(text).toContain('--with-token');
  });
});

test.skipIf(hasTerminals)(
  'on a terminal: not tested, for want of python3 with its pty module',
  () => {},
);

/** The lines that a terminal shows in the end: enough of one for what spinners do. */
function screenOf(text: string): readonly string[] {
  const lines: string[] = [''];
  let row = 0;
  let column = 0;
  for (const [part, , count, verb] of text.matchAll(
    /(\u001b\[([?\d;]*)([A-Za-z]))|\r|\n|[^\u001b\r\n]+/g,
  )) {
    const line = lines[row] ?? '';
    if (part === '\r' || verb === 'G') column = 0;
    else if (part === '\n') row += 1;
    else if (verb === 'A') row = Math.max(0, row - Number(count || 1));
    else if (verb === 'K') lines[row] = count === '2' ? '' : line.slice(0, column);
    else if (verb === undefined) {
      lines[row] = line.padEnd(column).slice(0, column) + part + line.slice(column + part.length);
      column += part.length;
    }
  }
  return Array.from(lines, (line) => line ?? '').filter((line) => line.trim() !== '');
}
