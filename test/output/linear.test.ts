import { describe, expect, test } from 'vitest';
import { drawCard } from '../../src/output/card.ts';
import { drawCharts } from '../../src/output/chart.ts';
import { type FormatName, loadFormat } from '../../src/output/formats.ts';
import { compactJson, indentJson } from '../../src/output/json-layout.ts';
import { safeJson } from '../../src/terminal/safe-json.ts';
import { sanitizeLines, sanitizeText } from '../../src/terminal/sanitize.ts';
import { displayWidth, truncate, wrap } from '../../src/terminal/text-width.ts';
import { bytesOf, options, rowOf, tableOf, terminal, textColumns } from '../support/small-table.ts';

/** What a stranger may fill a field with. */
const units = [
  ...[
    'x',
    'x ',
    ' ',
    '\t',
    '\n',
    '"',
    '\\',
    '\0',
    '<',
    '|',
    '_',
    '王',
    '👩‍👩‍👧‍👦',
    '\ud83d',
    '\u0301',
    '\u200d',
  ],
  ...[
    '\u001b',
    '\u001b[',
    '\u001b]',
    '\u001b]0;',
    '\u001bP1',
    '\u009d\n',
    '\u009d',
    '\u0090',
    '\u009b0',
    '\u202e',
  ],
  ...['=', ';=', ',-1', '- ', '+1', '-1e', '\\ud83d', '[1, ', '{"a":', '0'],
];

type Work = (text: string) => unknown;

const strings: { readonly [name: string]: Work } = {
  sanitizeText,
  sanitizeLines,
  safeJson,
  json: (text) => indentJson(compactJson(JSON.stringify({ a: text }, null, 1))),
  truncate: (text) => truncate(sanitizeText(text), 60, '…'),
};

const column = (name: string) => ({ name, kind: 'text' }) as const;

const drawings: { readonly [name: string]: Work } = {
  displayWidth: (text) => displayWidth(sanitizeText(text)),
  wrap: (text) => wrap(sanitizeText(text), 60),
  card: (text) =>
    drawCard([{ title: text, fields: [{ column: column(text), cell: text }] }], {
      terminal,
      timeZone: () => 'UTC',
      forPeople: true,
    }),
  chart: (text) =>
    drawCharts(
      [
        {
          ordered: false,
          title: 'x',
          bars: [{ label: text, count: 1, quiet: false }],
          before: [],
          after: [text],
        },
      ],
      1,
      terminal,
    ),
};

const formats: readonly FormatName[] = ['csv', 'tsv', 'markdown', 'vcf', 'ndjson', 'xlsx', 'table'];

/** Milliseconds of the processor's time: a busy machine takes longer by the clock alone. */
async function spent(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Fails where any unit, repeated to `length`, takes far more than four times a quarter of it. */
async function expectLinear(work: Work, length: number): Promise<void> {
  for (const unit of units) {
    const text = unit.repeat(Math.ceil(length / unit.length));
    const quarter = await spent(() => work(text.slice(0, text.length / 4)));
    const ms = await spent(() => work(text));
    const verdict = ms < 10 * quarter + 500 ? 'linear' : `${quarter} ms, then ${ms} ms`;
    expect(`${JSON.stringify(unit)}: ${verdict}`).toBe(`${JSON.stringify(unit)}: linear`);
  }
}

describe('nothing is worse than linear, whatever a field is filled with', {
  timeout: 120_000,
}, () => {
  test.each(Object.keys(strings))('%s, 300 KB', (name) =>
    expectLinear((text) => strings[name]?.(text), 300_000),
  );

  test.each(Object.keys(drawings))('%s, 20 KB', (name) =>
    expectLinear((text) => drawings[name]?.(text), 20_000),
  );

  test.each(formats)('%s, 100 KB', async (name) => {
    const format = await loadFormat(name);
    const one = (text: string) =>
      bytesOf(format(tableOf(textColumns('name'), [[rowOf(text)]]), options));
    await expectLinear(one, 100_000);
  });
});

test('a record with a string of 10 MB is laid out, not given up on', () => {
  for (const unit of ['\\n', '\\\\']) {
    const json = `{"a": "${unit.repeat(10_000_000 / unit.length)}"}`;
    const compact = compactJson(json);
    expect(compact.length).toBe(json.length - 1);
    expect(indentJson(compact).length).toBe(json.length + 4);
  }
});
