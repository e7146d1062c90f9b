import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { envOf, runInProcess, tempFolder } from '../support/cli.ts';
import { failFrom, idOf, serve } from '../support/service.ts';

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
  return { part, service, text: await readFile(part, 'utf8'), resume: () => run('--resume') };
}

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
