// Writes rows, a line of JSON each, into a file by a library that is not ours, so that our format
// can be set beside it: `library.js NAME ROWS FILE`.
import { createWriteStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { finished } from 'node:stream/promises';

const [, , name, from, to] = process.argv;
const lines = readFileSync(from, 'utf8').trimEnd().split('\n');
const rows = lines.map((line) => JSON.parse(line));
const columns = Object.keys(rows[0]);
const isTime = (column) => column.endsWith('_at');

function cellOf(row, column) {
  const value = row[column];
  if (isTime(column)) return value === null ? null : new Date(value);
  return Array.isArray(value) ? value.join('; ') : value;
}

const writers = {
  /** What reading the rows takes. */
  async nothing() {},

  async exceljs() {
    // Fetched into the folder of the rows.
    const { stream } = createRequire(from)('exceljs');
    const book = new stream.xlsx.WorkbookWriter({ filename: to });
    const sheet = book.addWorksheet('contacts');
    sheet.columns = columns.map((key) => ({
      key,
      header: key,
      ...(isTime(key) && { style: { numFmt: 'yyyy-mm-dd hh:mm:ss' } }),
    }));
    for (const row of rows) sheet.addRow(columns.map((it) => cellOf(row, it))).commit();
    await book.commit();
  },

  async 'hyparquet-writer'() {
    const { parquetWriteFile } = await import('hyparquet-writer');
    const columnData = columns.map((column) => ({
      name: column,
      type: isTime(column) ? 'TIMESTAMP' : 'STRING',
      data: rows.map((row) => cellOf(row, column)),
    }));
    parquetWriteFile({ filename: to, columnData });
  },

  async 'ical.js'() {
    const { default: ICAL } = await import('ical.js');
    const out = createWriteStream(to);
    for (const row of rows) out.write(`${cardOf(row, ICAL)}\r\n`);
    await finished(out.end());
  },
};

function cardOf(row, ICAL) {
  const card = new ICAL.Component('vcard');
  const add = (property, value) => value && card.addPropertyWithValue(property, value);
  add('version', '4.0');
  add('fn', row.name ?? row.email ?? row.id);
  add('n', ['', row.name ?? '', '', '', '']);
  for (const number of new Set([row.phone, row.whatsapp])) add('tel', number);
  add('email', row.email);
  if (row.city ?? row.country) add('adr', ['', '', '', row.city ?? '', '', '', row.country ?? '']);
  for (const tag of row.tags) add('categories', tag);
  add('uid', row.id);
  add('rev', row.updated_at);
  return card;
}

await writers[name]();
