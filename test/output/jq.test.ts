import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { interruption } from '../../src/context.ts';
import { ConfigFolder } from '../support/config-folder.ts';
import { runMain } from '../support/context.ts';
import { idOf, type Service, serve } from '../support/service.ts';

const name = 'two\nlines "and" \u001b[31m\u2028 more';

const people = [
  { _id: idOf(1), name, tags: ['a', 'b'], big: 1 },
  { _id: idOf(2), name: 'Bo', tags: [], big: 2 },
  `{"_id":"${idOf(3)}","name":"cut \\ud83d","tags":null,"big":12345678901234567890123}`,
  '{"name":"Nobody"}',
];

const asked = (service: Service) => service.requests.length;

async function list(...words: readonly string[]) {
  const service = await serve({ contacts: people });
  return { ...(await runMain(['contacts', 'list', '-q', ...words], { service })), service };
}

describe('--jq over each record', () => {
  test.each([
    ['.tags[]?', ['a', 'b']],
    ['._id // "none"', [idOf(1), idOf(2), idOf(3), 'none']],
    ['.big | select(. != null)', ['1', '2', '12345678901234567890123']],
    [
      '{n: (.name | length)} # a comment \\',
      [`{"n":${name.length}}`, '{"n":2}', '{"n":5}', '{"n":6}'],
    ],
    ['def f: .tags; f | length', ['2', '0', '0', '0']],
    ['$ENV | has("REEKOLECT_TOKEN"), has("PWD")', Array(4).fill(['false', 'true']).flat()],
  ])('%s', async (expression, lines) => {
    const { exit, stdout, stderr } = await list('--jq', expression);
    expect({ exit, stderr, lines: stdout.split('\n') }).toEqual({
      exit: 0,
      stderr: '',
      lines: [...lines, ''],
    });
  });

  test('writes every result on one line, strings raw, whatever they hold', async () => {
    const { stdout } = await list('--limit', '1', '--jq', '.name, {name}');
    const [raw, object, ...rest] = stdout.split('\n');
    expect(raw).toBe('two\\nlines "and" \\x1b[31m\\u{2028} more');
    expect(object).toContain('"two\\nlines \\"and\\" \\u001b[31m\\u2028 more"');
    expect(rest).toEqual(['']);
  });

  test('lets no escape sequence through to a terminal', async () => {
    const service = await serve({ contacts: people });
    const { stdout } = await runMain(['contacts', 'list', '--jq', '.name'], {
      service,
      isTTY: true,
    });
    expect(stdout).not.toContain('\u001b');
  });

  test('sees the columns that were chosen', async () => {
    const { stdout } = await list('--columns', 'id,tags', '--limit', '1', '--jq', 'keys_unsorted');
    expect(stdout).toBe('["id","tags"]\n');
  });

  test('knows of no other record, however many go to jq together', async () => {
    const contacts = Array.from({ length: 2300 }, (_, n) => ({ _id: idOf(n), n }));
    const service = await serve({ contacts, pageSize: 50 });
    const own = ['contacts', 'export', '--jq'];
    const all = await runMain([...own, '[limit(3; ., inputs)] | length, .[0].n'], { service });
    const lines = contacts.flatMap(({ n }) => ['1', String(n)]);
    expect(all.stdout.trimEnd().split('\n')).toEqual(lines);
    const stopped = await runMain([...own, 'if .n == 1500 then halt else .n end'], { service });
    expect(stopped).toMatchObject({
      exit: 2,
      stdout: contacts
        .slice(0, 1500)
        .map(({ n }) => `${n}\n`)
        .join(''),
      stderr: expect.stringContaining(`on the record ${idOf(1500)}: it stops the program`),
    });
  });
});

test('--jq runs once over the whole array for json, over the one record for get', async () => {
  const { stdout, service } = await list('--format', 'json', '--jq', 'length, (.[1] | {name})');
  expect(stdout).toBe('4\n{"name":"Bo"}\n');
  const got = await runMain(['contacts', 'get', idOf(2), '--jq', '.name'], { service });
  expect(got).toMatchObject({ exit: 0, stdout: 'Bo\n' });
});

test.each([
  ['ndjson', 'a\nb\n'],
  ['json', '2\n'],
])('--jq goes to a file by its extension: %s', async (extension, text) => {
  const file = join(mkdtempSync(join(tmpdir(), 'reekolect-')), `out.${extension}`);
  const service = await serve({ contacts: people.slice(0, 2) });
  const expression = extension === 'json' ? 'length' : '.tags[]';
  const args = ['contacts', 'export', '-o', file, '--jq', expression];
  expect(await runMain(args, { service })).toMatchObject({ exit: 0, stdout: '' });
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('--jq goes before a stored format', async () => {
  const folder = new ConfigFolder();
  folder.write({ defaults: { format: 'csv' } });
  const service = await serve({ contacts: people });
  const { stdout } = await folder.run(['contacts', 'list', '--jq', '.tags | length'], { service });
  expect(stdout).toBe('2\n0\n0\n0\n');
});

describe('exit 2 before the first request', () => {
  test.each([
    ['list --jq .a|', /no expression of jq: syntax error/],
    ['list --jq $nobody', /no expression of jq: \$nobody is not defined/],
    ['list --jq .a)|(.b', /no expression of jq/],
    ['get x@example.com --jq foo', /no expression of jq: foo\/0 is not defined/],
    ['list --format csv --jq .', /no csv\n.*ndjson/],
    ['export -o a.xlsx --jq .', /no xlsx\n.*ndjson/],
    ['export -o a.ndjson --jq . --manifest', /--manifest/],
    ['export -o a.ndjson --jq . --append', /--append/],
  ])('contacts %s', async (line, said) => {
    const service = await serve({ contacts: people });
    const { exit, stderr } = await runMain(['contacts', ...line.split(' ')], { service });
    expect({ exit, stderr, asked: asked(service) }).toEqual({
      exit: 2,
      stderr: expect.stringMatching(said),
      asked: 0,
    });
  });
});

describe('an expression that fails', () => {
  test.each([
    ['.name + 1', `${idOf(1)}: string cannot be added`],
    ['.tags | keys[0] | error', `${idOf(1)}\n`],
    ['.tags[]', `${idOf(3)}: Cannot iterate over null`],
    ['.name | tonumber? // .[0]', `${idOf(1)}: Cannot index string`],
    ['if ._id then . else .name.a end', 'the record number 4: Cannot index string'],
    ['error(.name)', `${idOf(1)}\n`],
    ['.tags | ascii_downcase', `${idOf(1)}: explode input must be a string`],
    ['.name | @csv', `${idOf(1)}: string cannot be csv-formatted, only array`],
  ])('%s names the record, and nothing that it holds', async (expression, said) => {
    const { exit, stderr } = await list('--jq', expression);
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining(said) });
    expect(stderr).not.toMatch(/two|Bo|Nobody/);
  });

  test('over the array of all is told what it was given', async () => {
    const { exit, stderr } = await list('--format', 'json', '--jq', '.name');
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('map(…)') });
  });

  test('leaves the file alone, and what was fetched for --resume', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'reekolect-')), 'out.ndjson');
    const fine = Array.from({ length: 12 }, (_, n) => ({ _id: idOf(n + 10), tags: ['a'] }));
    const service = await serve({ contacts: [...fine, { _id: idOf(1) }] });
    const run = (expression: string, ...more: readonly string[]) =>
      runMain(['contacts', 'export', '-q', '-o', file, '--jq', expression, ...more], { service });
    const failed = await run('.tags[]');
    expect(failed.exit).toBe(2);
    // The same command once more would fail in the same way.
    expect(failed.stderr).toMatch(/\.tags\[\]\?; put right, the command goes on with --resume\n$/);
    expect(() => readFileSync(file)).toThrow('ENOENT');
    const before = service.asked.length;
    expect(await run('.tags[]?', '--resume')).toMatchObject({ exit: 0, stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe('a\n'.repeat(12));
    const again = service.asked.slice(before);
    expect(again.filter((page) => page > 1 && page < 5)).toEqual([]);
  });
});

describe('an expression that never ends', () => {
  const endless = ['contacts', 'list', '--profile', 'sandbox', '--jq', 'last(repeat(1))'];

  test('is ended by --timeout: exit 2', async () => {
    const { exit, stderr } = await runMain([...endless, '--timeout', '1']);
    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr: expect.stringContaining('took longer than 1 s\n'),
    });
  });

  test('is ended by a signal within a second', async () => {
    const stop = new AbortController();
    let aborted = 0;
    setTimeout(() => {
      aborted = performance.now();
      stop.abort(interruption(130));
    }, 1500);
    const { exit } = await runMain(endless, { signal: stop.signal });
    expect(exit).toBe(130);
    expect(performance.now() - aborted).toBeLessThan(1000);
  });
});
