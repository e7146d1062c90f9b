import { describe, expect, test } from 'vitest';
import { ExplainedError } from '../../src/errors.ts';
import {
  formatFacts,
  formatNames,
  formatOfPath,
  loadFormat,
  parseFormat,
} from '../../src/output/formats.ts';
import { bytesOf, options, rowOf, tableOf, textColumns, textOf } from '../support/small-table.ts';

test.each([
  ['out.csv', 'csv', false],
  ['out.tsv', 'tsv', false],
  ['out.json', 'json', false],
  ['out.ndjson', 'ndjson', false],
  ['out.jsonl', 'ndjson', false],
  ['out.md', 'markdown', false],
  ['out.markdown', 'markdown', false],
  ['out.vcf', 'vcf', false],
  ['out.xlsx', 'xlsx', false],
  ['out.parquet.gz', 'parquet', true],
  ['/var/x.d/VIP.CSV.GZ', 'csv', true],
  ['a.json.csv', 'csv', false],
])('%s is %s', (path, format, gzip) => {
  expect(formatOfPath(path)).toEqual({ format, gzip });
});

test.each(['out', 'out.txt', 'out.gz', 'out.csv.zip', 'out.csv.gz.gz', 'out.csv/out', 'out.table'])(
  '%s says nothing about the format',
  (path) => {
    expect(formatOfPath(path)).toBeUndefined();
  },
);

const listed = 'the formats are table, tsv, csv, json, ndjson, markdown, vcf, xlsx, parquet';

describe('parseFormat', () => {
  test.each([
    ['csv', 'csv'],
    ['CSV', 'csv'],
    ['jsonl', 'ndjson'],
    ['md', 'markdown'],
    ['table', 'table'],
  ])('%s', (name, format) => {
    expect(parseFormat(name)).toBe(format);
  });

  test('an unknown format is a usage error that names the nearest', () => {
    expect(failure(() => parseFormat('cvs'))).toMatchObject({
      exit: 2,
      message: 'unknown format "cvs"',
      hint: `did you mean csv? ${listed}`,
    });
  });

  test('and does not guess when nothing is near', () => {
    const { hint } = failure(() => parseFormat('spreadsheet'));
    expect(hint).toBe(listed);
  });

  test.each(['', 'constructor', '__proto__'])('"%s" is no format', (name) => {
    expect(() => parseFormat(name)).toThrow(ExplainedError);
  });
});

const textFormats = formatNames.filter((name) => formatFacts(name).isText);

test.each(textFormats)('%s loads, and writes the cells of every page', async (name) => {
  const columns = textColumns('name');
  const format = await loadFormat(name);
  const text = await textOf(format, tableOf(columns, [[rowOf('first')], [], [rowOf('last')]]));
  expect(text).toMatch(/first.*last/s);
});

test.each(formatNames)('%s writes the same bytes however the rows come', async (name) => {
  const format = await loadFormat(name);
  const columns = textColumns('name', 'email', 'phone');
  const rows = ['a', 'b', 'c', 'd'].map((text) => rowOf(text, `${text}@example.com`, null));
  const onePage = await bytesOf(format(tableOf(columns, [rows]), options));
  const pages = [rows.slice(0, 1), [], rows.slice(1)];
  const severalPages = await bytesOf(format(tableOf(columns, pages), options));
  expect(severalPages.equals(onePage)).toBe(true);
});

test('formats that cannot be shown on a terminal', () => {
  const binary = formatNames.filter((name) => !formatFacts(name).isText);
  expect(binary).toEqual(['xlsx', 'parquet']);
});

test('formats that can be appended to write rows that stand alone', () => {
  expect(formatNames.filter((name) => formatFacts(name).canAppend)).toEqual([
    'tsv',
    'csv',
    'ndjson',
  ]);
  expect(formatNames.filter((name) => formatFacts(name).styled)).toEqual(['table']);
});

function failure(run: () => unknown): ExplainedError {
  try {
    run();
  } catch (error) {
    if (error instanceof ExplainedError) return error;
  }
  throw new Error('no explained error was thrown');
}
