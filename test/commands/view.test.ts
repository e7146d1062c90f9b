import { describe, expect, test } from 'vitest';
import { bodyIn, ConfigFolder } from '../support/config-folder.ts';

const dry = ['contacts', 'list', '--profile', 'sandbox', '--dry-run', '--tz', 'UTC'];
const now = new Date('2026-11-22T10:00:00Z');

async function savedAs(name: string, ...flags: string[]): Promise<ConfigFolder> {
  const folder = new ConfigFolder();
  expect(await folder.run(['view', 'save', name, ...flags])).toMatchObject({ exit: 0, stderr: '' });
  return folder;
}

describe('view save', () => {
  test('keeps the flags as typed, and asks nobody', async () => {
    const folder = await savedAs(
      'vip',
      ...['--tag', 'vip,gold', '--created-after', '7d', '--no-online', '--segment', 'Cape Town'],
    );
    expect(folder.settings.views).toEqual({
      vip: {
        tag: ['vip', 'gold'],
        createdAfter: '7d',
        online: false,
        segment: ['Cape Town'],
      },
    });
  });

  test.each([
    ['a date', ['--created-after', '7x'], '7x'],
    ['an id', ['--bot-website', 'shop'], 'shop'],
    ['nothing', [], 'a view needs a filter'],
    ['a contradiction', ['--no-ordered', '--ordered-after', '7d'], 'contradict'],
  ])('refuses %s that makes no sense', async (_what, flags, word) => {
    const folder = new ConfigFolder();
    const { exit, stderr } = await folder.run(['view', 'save', 'vip', ...flags]);
    expect(exit).toBe(2);
    expect(stderr).toContain(word);
    expect(() => folder.settings).toThrow();
  });

  test.each(['', '-x', '../x', 'a b', '__proto__'])('refuses the name %j', async (name) => {
    const { exit } = await new ConfigFolder().run(['view', 'save', '--tag', 'x', '--', name]);
    expect(exit).toBe(2);
  });

  test('replaces a view with --force only', async () => {
    const folder = await savedAs('vip', '--tag', 'vip');
    const refused = await folder.run('view save vip --online');
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain('--force');
    expect((await folder.run('view save vip --online --force')).exit).toBe(0);
    expect(folder.settings.views.vip).toEqual({ online: true });
  });

  test('builds on another view', async () => {
    const folder = await savedAs('vip', '--tag', 'vip');
    await folder.run('view save vip-online --view vip --online');
    expect(folder.settings.views['vip-online']).toEqual({ tag: ['vip'], online: true });
  });
});

describe('--view', () => {
  test('applies, and relative dates count from now', async () => {
    const folder = await savedAs('new', '--tag', 'vip', '--created-after', '7d');
    const body = bodyIn(await folder.run([...dry, '--view', 'new'], { now }));
    expect(body.tags).toEqual(['vip']);
    expect(body.createdAt.startAt).toBe('2026-11-15T09:59:59.000Z');
  });

  test.each([
    ['list', ['--tag', 'gold'], { tags: ['gold'], isOnline: true }],
    ['a no over a yes', ['--no-online'], { tags: ['vip'], isOnline: false }],
    ['contacts over all chats', ['--contacts-only'], { isContact: true }],
    ['no order over an order', ['--no-ordered'], { hasOrdered: { status: false, lastAt: '' } }],
    ['none', [], { tags: ['vip'], isOnline: true, isContact: false }],
  ])('loses to the command line, field by field: %s', async (_what, flags, expected) => {
    const folder = await savedAs(
      'vip',
      ...['--tag', 'vip', '--online', '--all-chats', '--ordered-after', '2026-11-01'],
    );
    const body = bodyIn(await folder.run([...dry, '--view', 'vip', ...flags], { now }));
    expect(body).toMatchObject(expected);
  });

  test.each(['list', 'export', 'count', 'stats'])('is known to contacts %s', async (verb) => {
    const folder = await savedAs('vip', '--tag', 'vip');
    const line = ['contacts', verb, '--profile', 'sandbox', '--dry-run', '--view', 'vip'];
    expect(bodyIn(await folder.run(line)).tags).toEqual(['vip']);
  });

  test('that is unknown names the near ones', async () => {
    const folder = await savedAs('vip-online', '--tag', 'vip');
    for (const line of ['contacts list --view vip-onlin', 'view show vip-onlin']) {
      const { exit, stderr } = await folder.run(line);
      expect(exit).toBe(2);
      expect(stderr).toContain('did you mean vip-online?');
    }
  });

  test('that was damaged is refused, not half applied', async () => {
    const folder = new ConfigFolder();
    folder.write({ views: { vip: { tag: ['vip'], filterOfTomorrow: true } } });
    const { exit, stderr } = await folder.run('contacts list --view vip --profile sandbox');
    expect(exit).toBe(2);
    expect(stderr).toContain(folder.file);
  });
});

describe('view show', () => {
  test('prints a command line that means the same view', async () => {
    const flags = ['--search', "it's $HOME", '--tag', 'a\\,b,c', '--no-online', '--search=-x'];
    const folder = await savedAs('odd', ...flags, '--body', '{"isSubscriber":true}');
    const { stdout } = await folder.run('view show odd');
    expect(stdout).toBe(
      `reekolect contacts list --search=-x --tag 'a\\,b' --tag c --no-online --body '{"isSubscriber":true}'\n`,
    );
    const filters = folder.settings.views.odd;
    expect(JSON.parse((await folder.run('view show odd --format json')).stdout)).toEqual(filters);
  });

  test('quotes for a shell', async () => {
    const folder = await savedAs('odd', '--search', "it's $HOME");
    expect((await folder.run('view show odd')).stdout).toContain(`--search 'it'\\''s $HOME'`);
  });
});

test('view list is tab-separated in a pipe, a table on a terminal, and json', async () => {
  const folder = await savedAs('vip', '--tag', 'vip', '--online');
  expect((await folder.run('view list')).stdout).toBe('name\tflags\nvip\t--tag vip --online\n');
  expect((await folder.run('view list', { isTTY: true, columns: 80 })).stdout).toContain('NAME');
  expect(JSON.parse((await folder.run('view list --format json')).stdout)).toEqual([
    { name: 'vip', filters: { tag: ['vip'], online: true } },
  ]);
});

test('view delete forgets a view, once', async () => {
  const folder = await savedAs('vip', '--tag', 'vip');
  expect((await folder.run('view delete vip')).exit).toBe(0);
  expect(folder.settings.views).toEqual({});
  expect((await folder.run('view delete vip')).exit).toBe(2);
});
