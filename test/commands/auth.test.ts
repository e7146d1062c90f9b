import { describe, expect, test } from 'vitest';
import { ConfigFolder } from '../support/config-folder.ts';

const home = { token: 'home-token-0123456789' };
const work = { token: 'work-token-0123456789', apiUrl: 'https://api.example.com/' };

function folderWith(settings: object): ConfigFolder {
  const folder = new ConfigFolder();
  folder.write(settings);
  return folder;
}

describe('auth switch', () => {
  test('makes a profile the one in use', async () => {
    const folder = folderWith({ profiles: { default: home, work } });
    expect(await folder.run('auth switch work')).toMatchObject({ exit: 0, stdout: '' });
    expect(folder.settings).toEqual({ profile: 'work', profiles: { default: home, work } });
    expect((await folder.run('auth list')).stdout).toMatch(/^work\ttrue\t/m);
    expect((await folder.run('auth switch sandbox')).exit).toBe(0);
    expect((await folder.run('contacts count')).stdout).toBe('240\n');
  });

  test('knows no other profile, and names those that there are', async () => {
    const folder = folderWith({ profiles: { default: home, work } });
    const { exit, stderr } = await folder.run('auth switch wrok');
    expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining('work') });
    expect(folder.settings).toEqual({ profiles: { default: home, work } });
  });

  test('warns where the environment goes before it', async () => {
    const folder = folderWith({ profiles: { work } });
    const { stderr } = await folder.run('auth switch work', { env: { REEKOLECT_PROFILE: 'home' } });
    expect(stderr).toContain('REEKOLECT_PROFILE is set');
  });
});

describe('auth logout', () => {
  test('of the profile in use leaves none in use, never another account', async () => {
    const folder = folderWith({
      profile: 'work',
      profiles: { default: home, work: { ...work, apiUrlBy: 'login' } },
    });
    expect((await folder.run('auth logout')).exit).toBe(0);
    expect(folder.settings).toEqual({ profile: '', profiles: { default: home } });
    for (const line of ['contacts list', 'auth status', 'contacts export -o a.csv']) {
      const { exit, stderr } = await folder.run(line);
      expect(exit).toBe(4);
      expect(stderr).toContain('no profile is in use since auth logout');
      expect(stderr).toContain('use another: reekolect auth switch NAME (there are: default)');
    }
    expect((await folder.run('auth list')).stdout).not.toContain('true');
    expect((await folder.run('config list --format json')).stdout).toContain(
      '{"key":"profile","value":"","from":"none since auth logout"}',
    );
    expect((await folder.run('auth switch default')).exit).toBe(0);
    expect((await folder.run('auth list')).stdout).toMatch(/^default\ttrue\t/m);
  });

  test('of the profile called default leaves none in use either', async () => {
    const folder = folderWith({ profiles: { default: home, work } });
    await folder.run('auth logout');
    expect(folder.settings).toEqual({ profile: '', profiles: { work } });
    expect((await folder.run('contacts count')).stderr).toContain('reekolect auth switch NAME');
  });

  test('of the last profile leaves nothing, and sign in is what is left to do', async () => {
    const folder = folderWith({ profile: 'work', profiles: { work: home } });
    await folder.run('auth logout');
    expect(folder.settings).toEqual({ profiles: {} });
    const { exit, stderr } = await folder.run('contacts count');
    expect(exit).toBe(4);
    expect(stderr).toMatch(/^error: no token\n/);
  });

  test('of another profile leaves the one in use alone', async () => {
    const folder = folderWith({ profile: 'work', profiles: { work, other: home } });
    await folder.run('auth logout --profile other');
    expect(folder.settings).toEqual({ profile: 'work', profiles: { work } });
  });

  test('of a profile that there is not forgets nothing, and says so', async () => {
    const folder = folderWith({ profiles: { default: home, work } });
    const { exit, stderr } = await folder.run('auth logout --profile wrok');
    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: 'warning: there is no profile called "wrok": nothing was forgotten\n',
    });
    expect(folder.settings).toEqual({ profiles: { default: home, work } });
  });

  test('keeps an address that was set by hand, and forgets both secrets', async () => {
    const both = { ...work, botToken: 'bot-token-0123456789' };
    const folder = folderWith({ profile: 'work', profiles: { work: both } });
    await folder.run('auth logout');
    expect(folder.settings).toEqual({
      profile: 'work',
      profiles: { work: { apiUrl: 'https://api.example.com/' } },
    });
  });

  test('forgets the address that signing in stored', async () => {
    const folder = folderWith({});
    const login = 'auth login --with-token --no-verify --api-url https://api.example.com';
    expect((await folder.run(login, { stdin: 'a-token-0123456789' })).exit).toBe(0);
    expect((await folder.run('auth list')).stdout).toContain('https://api.example.com');
    await folder.run('auth logout');
    expect(folder.settings).toEqual({ profiles: {} });
  });
});

test('signing in while no profile is in use puts one in use', async () => {
  const folder = folderWith({ profile: '', profiles: { work } });
  await folder.run('auth login --with-token --no-verify', { stdin: 'a-token-0123456789' });
  expect((await folder.run('auth list')).stdout).toMatch(/^default\ttrue\t/m);
});
