import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { json } from '../../../src/output/formats/json.ts';
import { ndjson } from '../../../src/output/formats/ndjson.ts';
import { elementsOfData } from '../../../src/records/json-text.ts';
import type { Row } from '../../../src/table.ts';
import {
  anyText,
  chunksOf,
  rowOf,
  tableOf,
  textColumns,
  textOf,
} from '../../support/small-table.ts';

/** A record that came so. */
function sent(text: string): Row {
  const [part] = elementsOfData(Buffer.from(`{"data":[${text}]}`));
  return { cells: [], json: text, plainJson: part?.isPlain ? part.bytes : undefined };
}

test('one array over all pages, one record a line', async () => {
  const pages = [[], [sent('{"id":1}'), sent('{"id":2}')], [], [sent('{"id":3}')], []];
  const text = '[\n{"id":1},\n{"id":2},\n{"id":3}\n]\n';
  expect(await textOf(json, tableOf([], pages, true))).toBe(text);
  expect(await chunksOf(json, tableOf([], pages, true))).toHaveLength(3);
});

test('no rows: an empty array, or no line at all', async () => {
  expect(await textOf(json, tableOf([], [[], []], true))).toBe('[]\n');
  expect(await textOf(json, tableOf([], [], true))).toBe('[]\n');
  expect(await textOf(ndjson, tableOf([], [[]], true))).toBe('');
});

test('ndjson: a record a line', async () => {
  const pages = [[sent('{"id":1}'), sent('{\n  "id": 2\n}')], [sent('{"id":3}')]];
  const chunks = await chunksOf(ndjson, tableOf([], pages, true));
  expect(chunks.map(String)).toEqual(['{"id":1}\n{"id":2}\n', '{"id":3}\n']);
});

test('ndjson: a record is the same line whether its bytes are at hand or not', async () => {
  const lineOf = (row: Row) => textOf(ndjson, tableOf([], [[row]], true));
  const quoted = fc.tuple(anyText, anyText).map(([name, text]) => JSON.stringify({ [name]: text }));
  const raw = anyText.map((text) => `{"a":"${text.replace(/[\\"\x00-\x1f]/g, '')}"}`);
  const half = fc
    .constantFrom('\\ud83d', '\\uD83D\\uDE00', '\\\\ud83d', '\\u00d8')
    .map((it) => `["${it}"]`);
  const texts = fc.oneof(
    quoted,
    raw,
    half,
    documents.map(([text]) => text),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (json) => {
      const text = Buffer.from(json).toString();
      expect(await lineOf(sent(text))).toBe(await lineOf({ cells: [], json: text }));
    }),
    { numRuns: 2000 },
  );
});

describe('records as the service sent them', () => {
  test.each([
    [
      'digits',
      '{ "n" : 12345678901234567890.10, "e": 1E+2 }',
      '{"n":12345678901234567890.10,"e":1E+2}',
    ],
    ['keys twice, and in order', '{"b":1,\t"1":2,\r\n"b":3}', '{"b":1,"1":2,"b":3}'],
    [
      'spaces in strings',
      '{"a":"x ,  y: [ \\" ] \\\\", "b": [ 1 , 2 ]}',
      '{"a":"x ,  y: [ \\" ] \\\\","b":[1,2]}',
    ],
    ['escapes', '{"a":"\\u2028\\/\\u00e9"}', '{"a":"\\u2028\\/\\u00e9"}'],
    ['a space after a comma', '{"a":1, "b":"x"}', '{"a":1,"b":"x"}'],
    ['a space before a colon', '{"a" :1}', '{"a":1}'],
    ['space around', ' {"a":1} ', '{"a":1}'],
    [
      'what terminals obey',
      '{"a":"\u007f\u009b2J\u202e\u2028\u200f\u061c"}',
      '{"a":"\\u007f\\u009b2J\\u202e\\u2028\\u200f\\u061c"}',
    ],
    ['what they do not', '{"a":"👩‍👧 Ελ\u00a0"}', '{"a":"👩‍👧 Ελ\u00a0"}'],
  ])('%s', async (_, given, written) => {
    expect(await textOf(ndjson, tableOf([], [[sent(given)]], true))).toBe(`${written}\n`);
  });
});

test('with columns: objects of typed cells, in the order of the columns', async () => {
  const columns = textColumns('name', 'unread', 'online', 'tags', 'attr.x', '1');
  const rows = [rowOf('A "b"\n', 0, false, ['x', 'y'], { k: [1] }, null)];
  expect(await textOf(ndjson, tableOf(columns, [rows]))).toBe(
    '{"name":"A \\"b\\"\\n","unread":0,"online":false,"tags":["x","y"],"attr.x":{"k":[1]},"1":null}\n',
  );
});

test('a column may be called __proto__', async () => {
  const text = await textOf(json, tableOf(textColumns('__proto__'), [[rowOf('x')]]));
  expect(text).toBe('[\n{"__proto__":"x"}\n]\n');
});

const documents = fc.tuple(fc.json({ stringUnit: 'binary' }), fc.constantFrom(0, 1, '\t', '\n'));

test('any record keeps its meaning, on one line', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(documents), async (given) => {
      const values = given.map(([text]) => JSON.parse(text));
      const rows = values.map((value, i) => sent(JSON.stringify(value, null, given[i]?.[1])));
      const array = await textOf(json, tableOf([], [rows], true));
      expect(JSON.parse(array)).toEqual(values);
      const lines = (await textOf(ndjson, tableOf([], [rows], true))).split('\n').slice(0, -1);
      expect(lines.map((line) => JSON.parse(line))).toEqual(values);
    }),
    { numRuns: 500 },
  );
});

test('any cells come back, and nothing that a terminal obeys goes out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(anyText, anyText)), async (cells) => {
      const table = tableOf(textColumns('a', 'b'), [cells.map((row) => rowOf(...row))]);
      const text = await textOf(json, table);
      expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Bidi_Control}\u2028\u2029]/u);
      expect(JSON.parse(text)).toEqual(cells.map(([a, b]) => ({ a, b })));
    }),
    { numRuns: 500 },
  );
});

test('half of a surrogate pair, which jq refuses, becomes the replacement character', async () => {
  const json = String.raw`{"a":"\ud83d!","b":"\ud83d\ude00","c":"\\ud83d","d":"\ude00"}`;
  const table = tableOf(textColumns('a'), [[{ cells: [null], json }]], true);
  expect(await textOf(ndjson, table)).toBe(
    `${String.raw`{"a":"\ufffd!","b":"\ud83d\ude00","c":"\\ud83d","d":"\ufffd"}`}\n`,
  );
});

test('for people each record is spread over lines', async () => {
  const rows = [sent('{"id":1,"tags":[],"n":1.10,"a":{"b":["x, y"]}}'), sent('{}')];
  expect(await textOf(json, tableOf([], [rows], true), { indent: true })).toBe(`[
  {
    "id": 1,
    "tags": [],
    "n": 1.10,
    "a": {
      "b": [
        "x, y"
      ]
    }
  },
  {}
]
`);
});
