import { expect, test } from 'vitest';
import { ConfigFolder } from '../support/config-folder.ts';

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
