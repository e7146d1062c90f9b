import { expect, test } from 'vitest';
import { Throttle } from '../../src/api/throttle.ts';
import { type FormatName, loadFormat } from '../../src/output/formats.ts';
import { rowsOf } from '../../src/read/rows.ts';
import { Source, type SourceOptions } from '../../src/read/source.ts';
import { chooseColumns, column } from '../../src/records/columns.ts';
import { settleFilters } from '../../src/records/filter-field.ts';
import { listField } from '../../src/records/filter-kinds.ts';
import { at, textOf } from '../../src/records/record.ts';
import type { Resource } from '../../src/records/resource.ts';
import { options } from '../support/small-table.ts';

/** Another kind of record: asked by GET, other key, other creation time, no attributes. */
const tickets: Resource = {
  one: 'ticket',
  many: 'tickets',
  credential: 'bot-token',
  requests: (filter) => (page) => {
    const kinds = filter.flatMap(({ body }) => body['kinds'] ?? []).join(',');
    return { method: 'GET', path: `tickets?page=${page}&kinds=${kinds}` };
  },
  key: (record) => textOf(at(record, 'number')) || undefined,
  createdAt: (record) => Number(at(record, 'opened', 'epoch')),
  customer: () => undefined,
  columns: {
    named: [
      column('number', 'id', ({ record }) => textOf(at(record, 'number'))),
      column('subject', 'text', ({ record }) => textOf(at(record, 'subject')) || null),
    ],
    defaults: ['number', 'subject'],
  },
  filters: {
    kind: listField('--kind <name>', 'of this kind', {
      body: (kinds) => ({ kinds }),
      check:
        (kinds) =>
        ({ record }) =>
          kinds.includes(textOf(at(record, 'kind'))) ? undefined : 'unapplied',
    }),
  },
};

const all = Array.from({ length: 7 }, (_, n) => ({
  number: `T-${n}`,
  subject: n === 3 ? '=1+1' : `Subject ${n}`,
  kind: n % 2 === 0 ? 'bug' : 'wish',
  opened: { epoch: 1_700_000_000_000 + n },
}));

/** Answers like the service, page by page; applies no filter. */
function client(asked: string[]): SourceOptions['client'] {
  return {
    skewMs: 0,
    requests: 0,
    async ask({ method, path }, read) {
      asked.push(`${method} ${path}`);
      const page = Number(/page=(\d+)/.exec(path)?.[1]);
      const data = all.slice((page - 1) * 3, page * 3);
      const text = JSON.stringify({ success: true, data });
      return read(Buffer.from(text));
    },
    close() {},
  };
}

async function written(name: FormatName, columns: readonly string[] | undefined, asked: string[]) {
  const filter = await settleFilters(
    tickets.filters,
    { kind: ['bug'] },
    {
      zone: () => 'UTC',
      now: new Date(),
      find: async () => [],
      columns: tickets.columns,
      names: async () => new Map(),
    },
  );
  const source = new Source(tickets, filter, {
    client: client(asked),
    throttle: new Throttle({ concurrency: 1 }),
    signal: new AbortController().signal,
    care: 'front',
    trustServer: false,
  });
  const choice = chooseColumns(tickets.columns, columns, { toFile: true });
  const format = await loadFormat(name);
  const pages = rowsOf(source.records(), choice.columns);
  let text = '';
  for await (const chunk of format({ ...choice, pages }, options)) text += chunk;
  return { text, source };
}

test('a second kind of record goes through the same walk, checks, columns and formats', async () => {
  const asked: string[] = [];
  const { text, source } = await written('csv', undefined, asked);
  expect(text).toBe('number,subject\nT-0,Subject 0\nT-2,Subject 2\nT-4,Subject 4\nT-6,Subject 6\n');
  expect(asked.slice(0, 3)).toEqual([1, 2, 3].map((page) => `GET tickets?page=${page}&kinds=bug`));
  expect(source.walk.tally).toMatchObject({ unique: 7, ended: true });
  expect(source.warnings).toEqual([
    '3 tickets left out: the service did not apply --kind (3); --trust-server keeps them',
  ]);
});

test('its records come whole as ndjson, and any path is a column', async () => {
  const whole = await written('ndjson', undefined, []);
  expect(whole.text.split('\n')[0]).toBe(JSON.stringify(all[0]));
  const picked = await written('tsv', ['.opened.epoch'], []);
  expect(picked.text.split('\n')[1]).toBe('1700000000000');
  expect(() => chooseColumns(tickets.columns, ['attr.city'], { toFile: true })).toThrow(
    'unknown column: attr.city',
  );
});
