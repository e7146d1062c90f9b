import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { envOf, runInProcess, tempFolder } from '../support/cli.ts';
import { runMain } from '../support/context.ts';
import { failFrom, idOf, type Script, type Service, serve } from '../support/service.ts';

/** A log of an export that broke off at its third page, and how to go on with it. */
async function brokenOff() {
  const contacts = Array.from({ length: 9 }, (_, n) => ({ _id: idOf(n), _customer: 'one' }));
  const service = await serve({ contacts, answer: failFrom(3) });
  const file = join(await tempFolder(), 'out.csv');
  const run = (...more: readonly string[]) => {
    const args = ['contacts', 'export', '--columns', 'id', '--max-attempts', '1', '-o', file];
    return runInProcess([...args, ...more], { env: envOf(service) });
  };
  expect(await run()).toMatchObject({ code: 5 });
  delete service.script.answer;
  const part = `${file}.part`;
  const text = await readFile(part, 'utf8');
  return { part, service, text, run, resume: () => run('--resume') };
}

test('a run without --resume says which log it drops', async () => {
  const { run } = await brokenOff();
  const { code, stderr } = await run('-v');
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /out\.csv\.part of a run begun just now is dropped, with [1-9] contacts; --resume would/,
  );
});

const topic = (change: (topic: Record<string, unknown>) => void) => (text: string) => {
  const [head = '', ...rest] = text.split('\n');
  const read = JSON.parse(head);
  change(read.topic);
  return [JSON.stringify(read), ...rest].join('\n');
};

const prepared = (what: string) => (text: string) =>
  `${text}0 records\nprepared 0 ${what.length}\n${what}\n`;

describe('--resume with a log', () => {
  test.each<[string, (text: string) => string]>([
    ['whose token has no salt', topic((it) => Object.assign(it, { token: { hash: 'x' } }))],
    ['whose salt is a number', topic((it) => Object.assign(it, { token: { salt: 5, hash: '' } }))],
    ['whose host is null', topic((it) => Object.assign(it, { host: null }))],
    ['without a filter', topic((it) => delete it['body'])],
    ['that prepared nothing', prepared('null')],
    ['that prepared a number', prepared('5')],
    ['that prepared no file', prepared('{"file":null,"manifest":null}')],
    ['that prepared half a file', prepared('{"file":{"path":"x"},"manifest":null}')],
  ])('%s: exit 7, and the log stays', async (_name, change) => {
    const { part, text, resume } = await brokenOff();
    await writeFile(part, change(text));
    const { code, stderr } = await resume();
    expect(stderr).toMatch(/^error: \S+\.part is in the way: .+\n.+\n$/);
    expect(code).toBe(7);
    expect(stderr).toContain(part);
    expect(await readFile(part, 'utf8')).toBe(change(text));
  });

  test('is closed when whose it is cannot be found out', async () => {
    const { service, part, text, resume } = await brokenOff();
    const rotated = topic((it) => Object.assign(it, { token: { salt: '', hash: 'another' } }));
    await writeFile(part, rotated(text));
    service.script.answer = failFrom(1);
    const { code, stderr } = await resume();
    expect(code).toBe(5);
    expect(stderr).toMatch(/^error: .+\n.+\n$/);
  });
});

/** Nine contacts, of a customer where one is named. */
function contactsOf(customer: string | undefined, from: number) {
  return Array.from({ length: 9 }, (_, n) => ({
    _id: idOf(from - n),
    ...(customer !== undefined && { _customer: customer }),
  }));
}

describe('--resume with another token', () => {
  let file: string;
  let service: Service;

  beforeEach(async () => {
    file = join(await tempFolder(), 'a.csv');
  });

  const exportIt = (token: string, ...more: readonly string[]) =>
    runMain(['contacts', 'export', '-o', file, '--columns', 'id', ...more], {
      service,
      env: { REEKOLECT_TOKEN: token },
    });
  const ids = async () => (await readFile(file, 'utf8')).trimEnd().split('\n').slice(1);

  /** A run that fetches two pages of three, and the account that the next token reads. */
  async function breakOff(script: Script, next: readonly object[]): Promise<void> {
    service = await serve({ ...script, answer: failFrom(3) });
    const broken = await exportIt('first', '--concurrency', '1', '--max-attempts', '1');
    expect(broken.exit).toBe(5);
    expect(service.asked).toEqual([1, 2, 3]);
    service.script.answer = () => undefined;
    service.contacts = [...next];
    service.requests.length = 0;
  }

  const ours = contactsOf('ours', 20);
  const theirs = contactsOf('theirs', 40);

  test('of the same account goes on', async () => {
    await breakOff({ contacts: ours }, ours);
    expect(await exportIt('rotated', '--resume', '-v')).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining('going on with 2 pages'),
    });
    // Page 1 says whose contacts the token reads; what the log holds is not asked for again.
    expect(service.asked.filter((page) => page === 2)).toEqual([]);
    expect(await ids()).toEqual(ours.map(({ _id }) => _id));
  });

  test.each<readonly [what: string, ours: readonly object[], next: readonly object[]]>([
    ['of another account', ours, theirs],
    [
      'of an account whose records are of several customers',
      ours,
      [...theirs.slice(0, 2), ...ours],
    ],
    ['where records name no customer', contactsOf(undefined, 20), contactsOf(undefined, 40)],
    ['where those of the log name none', contactsOf(undefined, 20), theirs],
  ])('%s starts afresh, and says so', async (_what, before, next) => {
    await breakOff({ contacts: before }, next);
    const { exit, stderr } = await exportIt('another', '--resume');
    expect(exit).toBe(0);
    expect(stderr).toMatch(
      /^warning: .*a\.csv\.part belongs to another export .*starting afresh$/m,
    );
    expect(await ids()).toEqual(next.map((contact) => (contact as { _id: string })._id));
  });

  test('where the log lacks the first page starts afresh', async () => {
    await breakOff({ contacts: ours }, ours);
    const log = await readFile(`${file}.part`, 'latin1');
    expect(log).toContain('\n1 1 ');
    await writeFile(`${file}.part`, log.replace('\n1 1 ', '\n1 8 '), 'latin1');
    const { exit, stderr } = await exportIt('rotated', '--resume');
    expect({ exit, stderr }).toMatchObject({ exit: 0, stderr: expect.stringContaining('afresh') });
    expect(await ids()).toEqual(ours.map(({ _id }) => _id));
  });
});
