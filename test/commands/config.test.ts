import { describe, expect, test } from 'vitest';
import { bodyIn, ConfigFolder } from '../support/config-folder.ts';

async function shownIn(folder: ConfigFolder, world = {}): Promise<Map<string, [unknown, string]>> {
  const { stdout } = await folder.run('config list --format json', world);
  const rows: { key: string; value: unknown; from: string }[] = JSON.parse(stdout);
  return new Map(rows.map(({ key, value, from }) => [key, [value, from]]));
}

describe('config set', () => {
  test.each([
    ['timeout', '60'],
    ['max-attempts', '3'],
    ['concurrency', 'auto'],
    ['rate', '2.5'],
    ['format', 'ndjson'],
    ['columns', 'name,phone,attr.city'],
    ['columns', 'Mobile=phone,name'],
    ['tz', 'Africa/Johannesburg'],
    ['limit', '10'],
    ['excel', 'true'],
    ['delimiter', ';'],
    ['guard', 'false'],
    ['color', 'false'],
    ['quiet', 'true'],
    ['contacts.export.format', 'xlsx'],
    ['contacts.export.columns', 'attrs'],
  ])('stores %s', async (key, value) => {
    const folder = new ConfigFolder();
    expect((await folder.run(['config', 'set', key, value])).exit).toBe(0);
    expect(folder.settings.defaults).toEqual({ [key]: value });
    expect((await folder.run(['config', 'get', key])).stdout).toBe(`${value}\n`);
    expect((await folder.run(['config', 'unset', key])).exit).toBe(0);
    expect(folder.settings.defaults).toEqual({});
  });

  test.each([
    ['timeout', 'soon'],
    ['max-attempts', '0'],
    ['concurrency', 'many'],
    ['columns', 'name,fone'],
    ['contacts.list.columns', 'attrs'],
    ['format', 'docx'],
    ['format', 'xlsx'],
    ['tz', 'Mars/Base'],
    ['color', 'red'],
    ['delimiter', 'comma'],
    ['profile', '../x'],
    ['api-url', 'http://example.com'],
    ['token', 'abcdefghijklmnop'],
    ['output', 'x.csv'],
    ['tag', 'vip'],
    ['with-token', 'true'],
    ['__proto__', 'x'],
    ['contacts.lst.limit', '3'],
  ])('refuses %s %s', async (key, value) => {
    const folder = new ConfigFolder();
    const { exit, stderr } = await folder.run(['config', 'set', key, value]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^error: .+\n.+\n$/);
    expect(() => folder.settings).toThrow();
  });

  test('names the near keys', async () => {
    const folder = new ConfigFolder();
    for (const [typed, meant] of [
      ['timeuot', 'timeout'],
      ['colour', 'color'],
      ['time', 'timeout'],
    ]) {
      expect((await folder.run(`config get ${typed}`)).stderr).toContain(`did you mean ${meant}?`);
    }
  });

  test('is for every profile, and whoever names one is told', async () => {
    const folder = new ConfigFolder();
    const told = 'warning: timeout is the same for every profile, not for work alone\n';
    expect((await folder.run('config set timeout 60 --profile work')).stderr).toBe(told);
    expect((await folder.run('config get timeout --profile home')).stdout).toBe('60\n');
    expect((await folder.run('config unset timeout --profile work')).stderr).toBe(told);
    const url = 'config set api-url https://api.example.com --profile work';
    for (const line of ['config set timeout 60', 'config unset timeout', url]) {
      expect((await folder.run(line)).stderr).toBe('');
    }
  });

  test('profile and api-url go where they are looked for', async () => {
    const folder = new ConfigFolder();
    await folder.run('config set profile work');
    await folder.run('config set api-url https://api.example.com');
    expect(folder.settings).toEqual({
      profile: 'work',
      profiles: { work: { apiUrl: 'https://api.example.com/' } },
    });
    const { stdout } = await folder.run('contacts list --dry-run');
    expect(stdout).toContain('POST https://api.example.com/inbox/users');
    await folder.run('config unset api-url');
    await folder.run('config unset profile');
    expect(folder.settings).toEqual({ profiles: { work: {} } });
  });
});

describe('a stored default', () => {
  const dry = 'contacts list --profile sandbox --dry-run --created-after 2026-11-01';
  const startIn = async (folder: ConfigFolder, line = dry, env = {}) =>
    bodyIn(await folder.run(line, { env })).createdAt.startAt;

  test('loses to the environment, and that to the flag', async () => {
    const folder = new ConfigFolder();
    folder.write({ defaults: { tz: 'Asia/Tokyo' } });
    expect(await startIn(folder)).toBe('2026-10-31T14:59:59.000Z');
    expect(await startIn(folder, `${dry} --tz UTC`)).toBe('2026-10-31T23:59:59.000Z');
    const shown = await shownIn(folder, { env: { TZ: 'UTC' } });
    expect(shown.get('tz')).toEqual(['UTC', 'environment TZ']);
    expect((await shownIn(folder)).get('tz')).toEqual(['Asia/Tokyo', 'config']);
  });

  test('color loses to FORCE_COLOR', async () => {
    const folder = new ConfigFolder();
    folder.write({ defaults: { color: 'false' } });
    const world = { isTTY: true, columns: 80, env: { FORCE_COLOR: '1' } };
    const line = 'contacts list --profile sandbox --limit 1';
    expect((await folder.run(line, world)).stdout).toContain('\x1b[');
    expect((await folder.run(line, { ...world, env: {} })).stdout).not.toContain('\x1b[');
  });

  test('for one command goes before the one for all', async () => {
    const folder = new ConfigFolder();
    folder.write({ defaults: { columns: 'id', 'contacts.list.columns': 'name,status' } });
    const { stdout } = await folder.run('contacts list --profile sandbox --limit 1');
    expect(stdout.split('\n')[0]).toBe('name\tstatus');
  });

  test('turns switches off and on', async () => {
    const folder = new ConfigFolder();
    folder.write({ defaults: { header: 'false', limit: '1', columns: 'id' } });
    const { stdout } = await folder.run('contacts list --profile sandbox');
    expect(stdout).toMatch(/^[0-9a-f]{24}\n$/);
  });

  test('of a switch loses to its opposite', async () => {
    const folder = new ConfigFolder();
    folder.write({ defaults: { header: 'false', verbose: 'true', limit: '1', columns: 'id' } });
    const list = 'contacts list --profile sandbox';
    const { stdout, stderr } = await folder.run(`${list} --header --no-verbose`);
    expect(stdout).toMatch(/^id\n[0-9a-f]{24}\n$/);
    expect(stderr).toBe('');
    const both = await folder.run(`${list} --header --no-header`);
    expect(both).toMatchObject({ exit: 2, stderr: expect.stringContaining('contradict') });
  });

  test.each(['quiet', 'verbose', 'color', 'input', 'header', 'excel', 'guard', 'truncate'])(
    'of %s is turned round in one run, either way',
    async (name) => {
      const folder = new ConfigFolder();
      const list = 'contacts list --profile sandbox --limit 1';
      for (const flag of [`--${name}`, `--no-${name}`]) {
        const { exit, stderr } = await folder.run(`${list} ${flag}`);
        expect({ exit, stderr }).toMatchObject({ exit: 0 });
      }
    },
  );

  test('limit yields to --all', async () => {
    const folder = new ConfigFolder();
    folder.write({ defaults: { limit: '1', columns: 'id' } });
    const { stdout } = await folder.run('contacts list --profile sandbox --all');
    expect(stdout.split('\n').length).toBeGreaterThan(100);
  });

  test('format leaves export alone, and files to their extension', async () => {
    const folder = new ConfigFolder();
    folder.write({ defaults: { format: 'table', 'contacts.export.columns': 'id' } });
    expect((await folder.run('contacts export --profile sandbox')).stdout).toMatch(/^id\r?\n/);
    folder.write({ defaults: { columns: 'id' } });
    expect((await folder.run('contacts export --profile sandbox')).stdout).toMatch(/^id,name,/);
    const file = `${folder.path}/all.json`;
    const { exit } = await folder.run(`contacts list --profile sandbox -o ${file} --limit 1`);
    expect(exit).toBe(0);
    expect((await import('node:fs')).readFileSync(file, 'utf8')).toMatch(/^\[/);
  });

  test('that suits another command only is left out', async () => {
    const folder = new ConfigFolder();
    folder.write({ defaults: { format: 'csv', columns: 'attrs' } });
    expect((await folder.run('contacts count --profile sandbox')).stdout).toMatch(/^\d+\n$/);
    const { stdout } = await folder.run('contacts list --profile sandbox --limit 1');
    expect(stdout).toMatch(/^id,name,/);
  });

  test.each([
    ['timeout', 'soon'],
    ['timeout', ['30']],
    ['columns', 'fone'],
    ['color', 'red'],
  ])('%s that is %j is refused, naming key and file', async (key, value) => {
    const folder = new ConfigFolder();
    folder.write({ defaults: { [key]: value } });
    const { exit, stderr } = await folder.run('contacts list --profile sandbox');
    expect(exit).toBe(2);
    expect(stderr).toContain(key);
    expect(stderr).toContain(folder.file);
    expect((await shownIn(folder)).get(key)?.[1]).toBe('config (not valid)');
    expect((await folder.run(`config unset ${key}`)).exit).toBe(0);
  });

  test('does not matter where the flag is given', async () => {
    const folder = new ConfigFolder();
    folder.write({ defaults: { timeout: 'soon' } });
    const { exit } = await folder.run('contacts count --profile sandbox --timeout 9');
    expect(exit).toBe(0);
  });
});

test('config list says where each value comes from, and shows no token', async () => {
  const folder = new ConfigFolder();
  const secret = 'a-secret-token-0123456789';
  const profiles = { work: { token: secret, apiUrl: 'https://api.example.com/' } };
  folder.write({ profile: 'work', profiles, defaults: { timeout: 60 } });
  const shown = await shownIn(folder, { env: { NO_COLOR: '1', REEKOLECT_TOKEN: secret } });
  expect(shown.get('profile')).toEqual(['work', 'config']);
  expect(shown.get('api-url')).toEqual(['https://api.example.com/', 'profile work']);
  expect(shown.get('timeout')).toEqual([60, 'config']);
  expect(shown.get('max-attempts')).toEqual([5, 'default']);
  expect(shown.get('color')).toEqual([false, 'environment NO_COLOR']);
  expect(shown.get('rate')).toEqual([null, 'default: no limit']);
  expect([...shown.values()].flat()).not.toContain(secret);
  const flagged = await folder.run('config list --rate 3 --profile sandbox');
  expect(flagged.stdout).toContain('rate\t3\tflag --rate\n');
  expect((await folder.run('config get rate')).exit).toBe(9);
  expect((await folder.run('config get timeout --timeout 5')).stdout).toBe('5\n');
});

test('config list shows the defaults in force, and JSON their types', async () => {
  const folder = new ConfigFolder();
  folder.write({ defaults: { timeout: '60', columns: 'name,phone', quiet: 'true' } });
  const world = { env: { TZ: 'Africa/Johannesburg' } };
  const { stdout } = await folder.run('config list --format json', world);
  const values = new Map<string, unknown>(
    JSON.parse(stdout).map((row: { key: string; value: unknown }) => [row.key, row.value]),
  );
  expect(values.get('timeout')).toBe(60);
  expect(values.get('quiet')).toBe(true);
  expect(values.get('header')).toBe(true);
  expect(values.get('columns')).toEqual(['name', 'phone']);
  expect(values.get('rate')).toBe(null);
  expect(values.get('concurrency')).toBe('auto');
  expect(values.get('tz')).toBe('Africa/Johannesburg');
  folder.write({});
  const shown = await shownIn(folder, { isTTY: true, columns: 200 });
  expect(shown.get('limit')).toEqual([50, 'default']);
  expect(shown.get('format')).toEqual(['table', 'default']);
  expect(shown.get('tz')?.[1]).toBe('default');
  expect(shown.get('columns')?.[0]).toContain('phone');
});

test('config path works whatever the file holds', async () => {
  const folder = new ConfigFolder();
  folder.write('{');
  expect((await folder.run('config path')).stdout).toBe(`${folder.file}\n`);
  expect((await folder.run('contacts list --profile sandbox')).exit).toBe(7);
});
