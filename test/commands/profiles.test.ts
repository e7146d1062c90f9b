import { expect, test } from 'vitest';
import { ConfigFolder } from '../support/config-folder.ts';
import { serve } from '../support/service.ts';

const secret = 'a-secret-token-0123456789';

test('a profile without a token names those that have one', async () => {
  const folder = new ConfigFolder();
  folder.write({ profiles: { home: { token: secret }, work: { token: secret }, empty: {} } });
  for (const line of ['contacts list --profile wrok', 'auth status --profile wrok']) {
    const { exit, stderr } = await folder.run(line);
    expect(exit).toBe(4);
    expect(stderr).toContain('the profile wrok has no token');
    expect(stderr).toContain('profiles with a token: home, work (reekolect auth switch NAME);');
    expect(stderr).toContain('auth login --profile wrok');
  }
});

test('auth list shows masked tokens only', async () => {
  const folder = new ConfigFolder();
  const work = { token: secret, apiUrl: 'https://api.example.com/' };
  folder.write({ profile: 'work', profiles: { default: { token: 'short' }, work } });
  const { stdout } = await folder.run('auth list');
  expect(stdout).toBe(
    'profile\tin_use\thost\ttoken\tbot_token\n' +
      'default\tfalse\thttps://api-v7.express-chat.com\t****\t\n' +
      'work\ttrue\thttps://api.example.com/\t****6789\t\n',
  );
});

test.each([
  ['auth list', 'no profiles yet; add one: reekolect auth login\n'],
  ['view list', 'no views yet; save one: reekolect view save vip --tag vip\n'],
  ['jobs list', 'no jobs yet; one begins with: contacts export --since-last NAME\n'],
])('%s says at a terminal that there are none yet, and how to begin', async (line, said) => {
  const world = { isTTY: true, stderrIsTTY: true };
  expect((await new ConfigFolder().run(line, world)).stderr).toBe(said);
  expect((await new ConfigFolder().run(line)).stderr).toBe('');
});

test('a profile that is named is warned of a variable that goes before another token of its own', async () => {
  const folder = new ConfigFolder();
  const service = await serve({ contacts: [{ _id: 'a' }] });
  folder.write({
    profiles: { home: { token: secret }, same: { token: service.token }, empty: {} },
  });
  const said = async (flags: string) => {
    const { exit, stderr } = await folder.run(`contacts count ${flags}`.trim(), { service });
    return { exit, stderr };
  };
  expect(await said('--profile home')).toEqual({
    exit: 0,
    stderr: 'warning: REEKOLECT_TOKEN goes before the token of the profile home: unset it\n',
  });
  for (const flags of ['', '--profile same', '--profile empty', '--profile home -q']) {
    expect(await said(flags)).toEqual({ exit: 0, stderr: '' });
  }
});
