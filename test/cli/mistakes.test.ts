import { describe, expect, test } from 'vitest';
import { runMain } from '../support/context.ts';

const sandbox = { env: { REEKOLECT_PROFILE: 'sandbox' } };

async function told(line: string): Promise<string> {
  const { exit, stdout, stderr } = await runMain(line.split(' '), sandbox);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  return stderr;
}

describe('a habit from elsewhere is answered with how it is done here', () => {
  test.each([
    ['contacts list --page 2', '--all shows every match, --limit N'],
    ['contacts export --page 2', '--limit N'],
    ['contacts list vip', '--search vip'],
    ['contacts list zoe adams', "--search 'zoe adams'"],
    ['contacts export a.csv', '-o a.csv'],
    ['contacts export -o json', '--format json'],
    ['contacts export -o a.xls', '-o a.xlsx'],
    ['contacts export -o .csv', '-o contacts.csv'],
    ['contacts export -o a/.csv.gz', '-o a/contacts.csv.gz'],
    ['contacts export --format csv --output=', '-o names no file'],
    ['contacts export --format excel', 'did you mean xlsx?'],
    ['get zoe', 'write: reekolect contacts get zoe'],
    ['list contacts --tag vip', 'write: reekolect contacts list --tag vip'],
    ['ls', 'write: reekolect contacts ls'],
    ['login', 'write: reekolect auth login'],
    ['whoami', 'write: reekolect auth status'],
    ['contacts search zoe', 'write: reekolect contacts list --search zoe'],
    ['contacts list --json', 'write --format json'],
  ])('%s', async (line, hint) => {
    expect(await told(line)).toContain(hint);
  });
});

describe('a mistake', () => {
  test.each([
    ['contacts list --frob', 'see reekolect contacts list --help'],
    ['contacts ls --frob', 'see reekolect contacts list --help'],
    ['contacts frob', 'see reekolect contacts --help'],
    ['contacts get', 'see reekolect contacts get --help'],
    ['auth login --frob', 'see reekolect auth login --help'],
    ['frob', 'see reekolect --help'],
    ['constructor', 'see reekolect --help'],
    ['contacts __proto__', 'see reekolect contacts --help'],
  ])('%s leads to the help of its own command', async (line, hint) => {
    expect(await told(line)).toContain(`\n${hint}\n`);
  });

  test.each([
    ['contacts list --limit x', '--limit x: expected a whole number from 1'],
    ['contacts list --format', '--format needs a value'],
    ['contacts get', 'reekolect contacts get needs <id|email|phone>'],
    ['segments list x', 'reekolect segments list takes no argument, and got 1'],
  ])('%s is told in our words', async (line, message) => {
    expect(await told(line)).toMatch(new RegExp(`^error: ${message.replace(/[|]/g, '\\|')}\n`));
  });

  test.each([
    'contacts list --token s3cr3t-0123456789',
    'contacts list --token=s3cr3t-0123456789',
    'auth login --with-token s3cr3t-0123456789',
    'auth login --with-token=s3cr3t-0123456789',
    'login s3cr3t-0123456789',
    'get s3cr3t-0123456789 --api-token x',
  ])('%s repeats no token', async (line) => {
    expect(await told(line)).not.toContain('s3cr3t');
  });

  test.each(['contacts list --segment nosuch', 'contacts list --colums name', 'frobnicate'])(
    '%s brings no guess that shares nothing with it',
    async (line) => {
      const [, hint = ''] = (await told(line)).split('\n');
      expect(hint).not.toMatch(/Wholesale|--tag|--rate/);
    },
  );
});
