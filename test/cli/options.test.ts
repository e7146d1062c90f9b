import { describe, expect, test } from 'vitest';
import { parse } from '../support/parse.ts';

type Row = readonly [line: string, options: object, args?: readonly string[]];

const tables: { readonly [verb: string]: readonly Row[] } = {
  'contacts list': [
    ['', {}],
    ['--limit 5', { limit: 5 }],
    ['-n 5', { limit: 5 }],
    ['--all', { all: true }],
    ['--sort -created_at', { sort: '-created_at' }],
    ['--no-truncate', { truncate: false }],
    [
      '--columns id,name --columns attr.a\\,b',
      { columns: ['id', 'name', 'attr.a,b'], columnsTyped: true },
    ],
    ['--format csv -o x.csv', { format: 'csv', output: 'x.csv' }],
    ['-f json', { format: 'json' }],
    ['--delimiter ;', { delimiter: ';', meant: 'csv' }],
    ['--no-header --no-guard --excel', { header: false, guard: false, excel: true, meant: 'csv' }],
    ['--vcard 3.0', { vcard: '3.0', meant: 'vcf' }],
    ['--tz Africa/Johannesburg', { tz: 'Africa/Johannesburg' }],
    ['--trust-server --dry-run', { trustServer: true, dryRun: true }],
    ['--view vip --tag a,b --tag c', { view: 'vip', tag: ['a', 'b', 'c'] }],
    ['--online --no-interacted', { online: true, interacted: false }],
    ['--all-chats', { allChats: true }],
    ['--contacts-only', { allChats: false }],
  ],
  'contacts export': [
    ['', {}],
    ['--verify --resume --append', { verify: true, resume: true, append: true }],
    ['--since-last', { sinceLast: true }],
    ['--since-last nightly', { sinceLast: 'nightly' }],
    ['--manifest --skip-empty', { manifest: true, skipEmpty: true }],
    ['--fail-on-empty --limit 3', { failOnEmpty: true, limit: 3 }],
  ],
  'contacts count': [['--format json --fail-on-empty', { format: 'json', failOnEmpty: true }]],
  'contacts get': [
    ['a@example.com --all-chats', { allChats: true }, ['a@example.com']],
    ['082 --columns name', { columns: ['name'], columnsTyped: true }, ['082']],
  ],
  'contacts stats': [
    ['--by tag,status --by created:day', { by: ['tag', 'status', 'created:day'] }],
    ['--all', { all: true }],
  ],
  'segments list': [['--columns id --format csv', { columns: ['id'], format: 'csv' }]],
  'agents list': [['-o agents.csv', { output: 'agents.csv' }]],
  'auth login': [['--with-token --no-verify', { withToken: true, verify: false }]],
  'auth list': [['--format json', { format: 'json' }]],
  'auth status': [['', {}]],
  'auth logout': [['', {}]],
  'view save': [['vip --tag vip --force', { tag: ['vip'], force: true }, ['vip']]],
  'view list': [['', {}]],
  'view show': [['vip --format json', { format: 'json' }, ['vip']]],
  'view delete': [['vip', {}, ['vip']]],
  'jobs list': [['--columns job', { columns: ['job'] }]],
  'jobs reset': [['nightly', {}, ['nightly']]],
  'config list': [['', {}]],
  'config get': [['timeout', {}, ['timeout']]],
  'config set': [['timeout 60', {}, ['timeout', '60']]],
  'config unset': [['timeout', {}, ['timeout']]],
  'config path': [['', {}]],
  doctor: [['--format json', { format: 'json' }]],
  completion: [['zsh', {}, ['zsh']]],
  help: [['contacts list', {}, ['contacts', 'list']]],
  sandbox: [
    [
      '--port 8080 --contacts 5 --page-size 2 --latency 9 --seed 3',
      { port: 8080, contacts: 5, pageSize: 2, latency: 9, seed: 3 },
    ],
    ['--fault 429@3 --fault rate=5', { fault: ['429@3', 'rate=5'] }],
  ],
};

for (const [verb, rows] of Object.entries(tables)) {
  describe(verb, () => {
    test.each(rows)('%s', async (line, options, args = []) => {
      const parsed = await parse(`${verb} ${line}`);
      expect(parsed.verb).toBe(verb);
      expect(parsed.args).toEqual(args);
      expect(parsed.options).toEqual(options);
    });
  });
}

test.each([
  ['--profile work', { profile: 'work' }],
  ['--api-url https://a.example', { apiUrl: 'https://a.example' }],
  ['--timeout 0.5 --max-attempts 2', { timeout: 0.5, maxAttempts: 2 }],
  ['--concurrency 3 --rate 2.5', { concurrency: 3, rate: 2.5 }],
  ['-q', { quiet: true }],
  ['-v', { verbose: true }],
  ['--no-color --no-input --errors json', { color: false, input: false, errors: 'json' }],
])('every verb knows %s', async (line, globals) => {
  expect((await parse(`contacts count ${line}`)).globals).toEqual(globals);
  expect((await parse(`${line} contacts count`)).globals).toEqual(globals);
});

test.each([
  ['--timeout 0', 'from 0.001 to 86400, a day'],
  ['--timeout 86401', 'from 0.001 to 86400, a day'],
  ['--rate 1e-9', 'from 0.001 to 1000000'],
  ['--concurrency 65', 'from 1 to 64'],
  ['--concurrency many', 'from 1 to 64'],
  ['--max-attempts 0', 'from 1'],
  ['--limit 0', 'from 1'],
  ['--online --no-online', 'contradict each other'],
  ['--all-chats --contacts-only', 'contradict each other'],
  ['--all --limit 3', 'cannot be used with'],
])('contacts list %s is refused', async (line, message) => {
  await expect(parse(`contacts list ${line}`)).rejects.toThrow(message);
});
