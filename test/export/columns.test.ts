import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import readWorkbook from 'read-excel-file/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runMain } from '../support/context.ts';
import { idOf, type Service, serve } from '../support/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'reekolect-columns-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const headers = ['First Name', '=Mobile', 'Zelle, "A=B"', '\u001b[31mphone', 'phone'];
const columns =
  'First Name=first_name,\\=Mobile=phone,Zelle\\, "A\\=B"=status,\u001b[31mphone=phone,phone';
const values = ['Ann', '+27821234567', 'OPEN', '+27821234567', '+27821234567'];
const esc = '\ufffd[31mphone';

let service: Service;
beforeAll(async () => {
  const phone = { number: '0821234567', prefix: '27' };
  const userDetails = { name: 'Ann van Wyk', contact: { phone } };
  service = await serve({ contacts: [{ _id: idOf(1), status: 'OPEN', profile: { userDetails } }] });
});

async function exported(name: string, ...flags: string[]): Promise<Buffer> {
  const file = join(folder, name);
  const args = ['contacts', 'export', '--columns', columns, '-o', file, ...flags];
  expect(await runMain(args, { service })).toEqual({ exit: 0, stdout: '', stderr: '' });
  return readFileSync(file);
}

test.each([
  [
    'a.csv',
    `First Name,'=Mobile,"Zelle, ""A=B""",${esc},phone\nAnn,+27821234567,OPEN,+27821234567,+27821234567\n`,
  ],
  ['a.tsv', `First Name\t'=Mobile\tZelle, "A=B"\t\\x1b[31mphone\tphone\n${values.join('\t')}\n`],
  [
    'a.md',
    `| First Name | '=Mobile | Zelle, "A=B" | \ufffd\\[31mphone | phone |\n| --- | --- | --- | --- | --- |\n| ${values.join(' | ')} |\n`,
  ],
])('%s has the headers that were asked for, guarded', async (name, text) => {
  expect((await exported(name)).toString()).toBe(text);
});

test('json, ndjson and xlsx have them as they are', async () => {
  const record = Object.fromEntries(headers.map((header, i) => [header, values[i]]));
  expect(JSON.parse((await exported('a.json')).toString())).toEqual([record]);
  const line = (await exported('a.ndjson')).toString();
  expect(JSON.parse(line)).toEqual(record);
  expect(line).not.toContain('\u001b');
  const [sheet] = await readWorkbook(await exported('a.xlsx'));
  const clean = headers.map((header) => header.replace('\u001b', ''));
  expect(sheet?.data).toEqual([clean, values]);
});

test('parquet is read back by them', async () => {
  const bytes = await exported('a.parquet');
  const file = new Uint8Array(bytes).buffer;
  const clean = headers.map((header) => header.replace('\u001b', '\ufffd'));
  const record = Object.fromEntries(clean.map((header, i) => [header, values[i]]));
  expect(await parquetReadObjects({ file })).toEqual([record]);
});

test('the manifest names them', async () => {
  await exported('b.csv', '--manifest');
  const manifest = JSON.parse(readFileSync(join(folder, 'b.csv.manifest.json'), 'utf8'));
  expect(manifest.columns).toEqual(headers);
});

test('vcf has no place for them, before anything is asked', async () => {
  const before = service.requests.length;
  const args = ['contacts', 'export', '--columns', 'Name=name', '-o', join(folder, 'a.vcf')];
  const { exit, stderr } = await runMain(args, { service });
  expect(exit).toBe(2);
  expect(stderr).toContain('name the column alone: name');
  expect(service.requests.length).toBe(before);
});

test('a list and a card at a terminal have them too, without what a terminal would obey', async () => {
  const world = { service, isTTY: true, columns: 120, env: { NO_COLOR: '1' } };
  const args = ['--columns', columns, '--sort', 'phone'];
  const list = await runMain(['contacts', 'list', ...args], world);
  expect(list.stdout).toMatch(/^First Name +=Mobile +Zelle, "A=B" +phone +PHONE *\nAnn /);
  const card = await runMain(['contacts', 'get', idOf(1), '--columns', columns], world);
  expect(card.stdout).toMatch(/^ {2}First Name +Ann\n {2}=Mobile +\+27821234567\n/);
  expect(list.stdout + card.stdout).not.toContain('\u001b');
});
