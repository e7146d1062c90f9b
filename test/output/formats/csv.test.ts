import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delimiters } from '../../../src/output/format.ts';
import { replaceControls } from '../../../src/output/formats/control-characters.ts';
import { csv } from '../../../src/output/formats/csv.ts';
import type { Column } from '../../../src/table.ts';
import {
  anyText,
  chunksOf,
  options,
  rowOf,
  tableOf,
  textColumns,
  textOf,
} from '../../support/small-table.ts';

const columns: Column[] = [
  { name: 'id', kind: 'id' },
  { name: 'name', kind: 'text' },
  { name: 'tags', kind: 'list' },
  { name: 'unread', kind: 'number' },
  { name: 'online', kind: 'boolean' },
  { name: 'attr.address', kind: 'json' },
];

test('a header, then one line a contact', async () => {
  const rows = [
    rowOf('66e07', 'Thandi "T" Nkosi', ['vip', 'new'], -3, true, { city: 'Cape Town' }),
    rowOf('66e08', 'Line\none, two', [], 0, false, null),
    rowOf('66e09', null, ['a,b'], 1.5, null, 'cr\ralone'),
  ];
  expect(await textOf(csv, tableOf(columns, [rows]))).toBe(
    [
      'id,name,tags,unread,online,attr.address',
      '66e07,"Thandi ""T"" Nkosi",vip; new,-3,true,"{""city"":""Cape Town""}"',
      '66e08,"Line\none, two",,0,false,',
      '66e09,,"a,b",1.5,,"cr\ralone"',
      '',
    ].join('\n'),
  );
});

test('no rows: the header alone; and no header when none is wanted', async () => {
  const header = 'id,name,tags,unread,online,attr.address\n';
  expect(await textOf(csv, tableOf(columns, []))).toBe(header);
  expect(await textOf(csv, tableOf(columns, [[]]))).toBe(header);
  expect(await textOf(csv, tableOf(columns, []), { header: false })).toBe('');
});

test('one chunk a page', async () => {
  const pages = [[rowOf('a'), rowOf('b')], [rowOf('c')]];
  expect(await chunksOf(csv, tableOf(textColumns('x'), pages))).toEqual(['x\na\nb\n', 'c\n']);
});

test('nothing is written before the first page is there', async () => {
  const pages = (async function* () {
    yield await Promise.reject(new Error('refused'));
  })();
  const chunks = csv({ columns, whole: false, pages }, options);
  await expect(chunks[Symbol.asyncIterator]().next()).rejects.toThrow('refused');
});

test('an empty cell in a single column is no empty line', async () => {
  const text = await textOf(csv, tableOf(textColumns('x'), [[rowOf(''), rowOf(null)]]));
  expect(text).toBe('x\n""\n""\n');
});

test('formulas are guarded, in headers too; numbers and phones are not', async () => {
  const hostile = textColumns('=cmd()', 'b', 'c');
  const rows = [rowOf('=1+1', -5, '+27821234567')];
  expect(await textOf(csv, tableOf(hostile, [rows]))).toBe("'=cmd(),b,c\n'=1+1,-5,+27821234567\n");
  expect(await textOf(csv, tableOf(hostile, [rows]), { guard: false })).toBe(
    '=cmd(),b,c\n=1+1,-5,+27821234567\n',
  );
});

test('a reader that splits elsewhere finds no formula either, in cells or headers', async () => {
  const hostile = textColumns('attr.x;=cmd()', 'tags', 'note');
  const rows = [
    rowOf('Ann;=1+1;', ['vip', '=new'], 'a\n@b'),
    rowOf('x|-y', ['vip', 'new'], ''),
    rowOf('=1', ['=cmd', 'ok'], ''),
  ];
  expect(await textOf(csv, tableOf(hostile, [rows]))).toBe(
    [
      '"attr.x;\'=cmd()",tags,note',
      '"Ann;\'=1+1;","vip;\' =new","a\n\'@b"',
      '"x|\'-y",vip; new,',
      `'=1,"'=cmd; ok",`,
      '',
    ].join('\n'),
  );
});

test('control characters become U+FFFD: sqlite would end the cell at a NUL', async () => {
  const rows = [rowOf('An\0na \u001b[31m\u009b\v', 'tab\tand\r\nlines', 'bidi \u202e stays')];
  for (const guard of [true, false]) {
    expect(await textOf(csv, tableOf(textColumns('a\0', 'b', 'c'), [rows]), { guard })).toBe(
      'a\ufffd,b,c\nAn\ufffdna \ufffd[31m\ufffd\ufffd,"tab\tand\r\nlines",bidi \u202e stays\n',
    );
  }
});

test('what only looks like a guard is no reason for quotes', async () => {
  const rows = [rowOf("O'Neil; Ann", "it's")];
  expect(await textOf(csv, tableOf(textColumns('a', 'b'), [rows]), { header: false })).toBe(
    "O'Neil; Ann,it's\n",
  );
});

test('what is added to a file has neither header nor BOM', async () => {
  for (const excel of [false, true]) {
    const table = tableOf(textColumns('x'), [[rowOf('a')], [rowOf('b')]]);
    const end = excel ? '\r\n' : '\n';
    const text = await textOf(csv, table, { continues: true, excel });
    expect(text).toBe(`a${end}b${end}`);
  }
});

test('times are RFC 3339', async () => {
  const columns = [{ name: 'seen', kind: 'time' as const }];
  const table = tableOf(columns, [[rowOf('2026-11-26T13:39:43.999Z')]]);
  expect(await textOf(csv, table)).toBe('seen\n2026-11-26T13:39:43.999Z\n');
});

test('rows keep their order, whether they need quotes or not', async () => {
  const rows = ['a', 'b,', 'c,', 'd', 'e"f', 'g'].map((text) => rowOf(text));
  expect(await textOf(csv, tableOf(textColumns('x'), [rows]))).toBe(
    'x\na\n"b,"\n"c,"\nd\n"e""f"\ng\n',
  );
});

describe('for spreadsheets', () => {
  test('what is made text by ="…" never holds a blank that could end the cell', async () => {
    const rows = [rowOf('\t+27821234567'), rowOf('0821234567\n')];
    const table = tableOf(textColumns('x'), [rows]);
    expect(await textOf(csv, table, { header: false, excel: true })).toBe(
      '\ufeff"\'\t+27821234567"\r\n"0821234567\n"\r\n',
    );
  });

  test('a BOM, CRLF, and text that stays text', async () => {
    const rows = [rowOf('+27821234567', 'Zoë'), rowOf('=1', 'a\nb'), rowOf(278212345678, -5)];
    expect(await textOf(csv, tableOf(textColumns('phone', 'name'), [rows]), { excel: true })).toBe(
      '\ufeffphone,name\r\n"=""+27821234567""",Zoë\r\n\'=1,"a\nb"\r\n278212345678,-5\r\n',
    );
  });

  test('times are what clocks show in the zone, and a date to the spreadsheet', async () => {
    const cells = ['2026-11-26T13:39:43.999Z', '1850-01-01T00:00:00.000Z', '26/11/2026', null];
    const columns = [{ name: 'seen', kind: 'time' as const }];
    const table = tableOf(columns, [cells.map((cell) => rowOf(cell))]);
    expect(await textOf(csv, table, { header: false, excel: true })).toBe(
      '\ufeff2026-11-26 15:39:43\r\n"=""1850-01-01T00:00:00.000Z"""\r\n"=""26/11/2026"""\r\n""\r\n',
    );
  });

  test('a text that holds a time stays that text', async () => {
    const table = tableOf(textColumns('note'), [[rowOf('2026-11-26T13:39:43.999Z')]]);
    expect(await textOf(csv, table, { header: false, excel: true })).toBe(
      '\ufeff"=""2026-11-26T13:39:43.999Z"""\r\n',
    );
  });

  test('headers and booleans too are what they are', async () => {
    const columns = [
      { name: 'Mar 5', kind: 'boolean' as const },
      { name: '=1+1', kind: 'text' as const },
    ];
    const table = tableOf(columns, [[rowOf(true, 'true')]]);
    expect(await textOf(csv, table, { excel: true })).toBe(
      '\ufeff"=""Mar 5""",\'=1+1\r\ntrue,"=""true"""\r\n',
    );
  });
});

describe('another delimiter', () => {
  const row = rowOf('a;b', 'c,d', 'e|f', 'g\th', '=1', 'x;=2', ['p', 'q']);
  const columns = textColumns('a', 'b', 'c', 'd', 'e', 'f', 'g');

  test.each([
    [',', 'a;b,"c,d",e|f,g\th,\'=1,"x;\'=2",p; q\n'],
    [';', '"a;b";c,d;e|f;g\th;\'=1;"x;\'=2";"p; q"\n'],
    ['|', 'a;b|c,d|"e|f"|g\th|\'=1|"x;\'=2"|p; q\n'],
    ['tab', 'a;b\tc,d\te|f\t"g\th"\t\'=1\t"x;\'=2"\tp; q\n'],
  ] as const)('%s parts cells, which are quoted where they hold it', async (delimiter, line) => {
    const text = await textOf(csv, tableOf(columns, [[row]]), { header: false, delimiter });
    expect(text).toBe(line);
  });

  test.each(delimiters)('%s: a reader gets the same cells back', async (delimiter) => {
    await fc.assert(
      fc.asyncProperty(grids, async (cells) => {
        const names = (cells[0] ?? ['x']).map((_, i) => `c${i}`);
        const table = tableOf(textColumns(...names), [cells.map((cell) => rowOf(...cell))]);
        const text = await textOf(csv, table, { guard: false, delimiter });
        const sign = delimiter === 'tab' ? '\t' : delimiter;
        const read = parseRfc4180(text, '\n', sign);
        expect(read).toEqual([names, ...cells.map((each) => each.map(replaceControls))]);
      }),
      { numRuns: 100 },
    );
  });
});

const grids = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(anyText, { minLength: width, maxLength: width })));

test('a reader that knows RFC 4180 only gets the same cells back', async () => {
  await fc.assert(
    fc.asyncProperty(grids, fc.boolean(), async (grid, excel) => {
      // Excel's ="…" is meant to change cells; its line ends are what is tested here.
      const cells = excel ? grid.map((row) => row.map((cell) => `x${cell}`)) : grid;
      const names = (cells[0] ?? ['x']).map((_, i) => `c${i}`);
      const table = tableOf(textColumns(...names), [cells.map((row) => rowOf(...row))]);
      const text = await textOf(csv, table, { guard: false, excel });
      const read = parseRfc4180(text.replace(/^\ufeff/, ''), excel ? '\r\n' : '\n');
      expect(read).toEqual([names, ...cells.map((row) => row.map(replaceControls))]);
    }),
    { numRuns: 500 },
  );
});

const python = spawnSync('python3', ['--version']).status === 0;

test.skipIf(!python)("python's csv module gets them back too (needs python3)", async () => {
  const grid = fc.sample(grids, { numRuns: 300, seed: 1 }).flat();
  const widest = grid.filter((row) => row.length === 4);
  const table = tableOf(textColumns('a', 'b', 'c', 'd'), [widest.map((row) => rowOf(...row))]);
  const input = await textOf(csv, table, { guard: false });
  const script = [
    'import csv, io, json, sys',
    "text = sys.stdin.buffer.read().decode('utf-8')",
    "json.dump(list(csv.reader(io.StringIO(text, newline=''), strict=True)), sys.stdout)",
  ].join('\n');
  const { stdout, stderr } = spawnSync('python3', ['-c', script], { input, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([
    ['a', 'b', 'c', 'd'],
    ...widest.map((row) => row.map(replaceControls)),
  ]);
});

/** Small and strict: quoted fields may hold anything, bare ones neither quotes nor line ends. */
function parseRfc4180(text: string, lineEnd: string, delimiter = ','): string[][] {
  const field = new RegExp(`"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*)`, 'y');
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length || row.length > 0) {
    field.lastIndex = at;
    const found = field.exec(text);
    if (!found) throw new Error(`no field at ${at} of ${JSON.stringify(text)}`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    at = field.lastIndex;
    if (text.startsWith(delimiter, at)) at += 1;
    else if (text.startsWith(lineEnd, at)) {
      at += lineEnd.length;
      rows.push(row);
      row = [];
    } else throw new Error(`neither comma nor line end at ${at} of ${JSON.stringify(text)}`);
  }
  return rows;
}
