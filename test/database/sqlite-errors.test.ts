import { expect, test } from 'vitest';
import { sqliteError } from '../../src/database/sqlite-errors.ts';

/** As the engine in WebAssembly throws. */
function fromWasm(message: string): Error {
  return Object.assign(new Error(message), { name: 'SQLite3Error' });
}

test.each([
  ['disk I/O error', 7, 'disk is full'],
  ['database or disk is full', 7, 'disk is full'],
  ['database is locked', 75, 'another program'],
  ['database disk image is malformed', 7, 'damaged'],
  ['file is not a database', 7, 'not an SQLite database'],
  ['no such function: x', 7, 'contacts.db: no such function'],
])("'%s' is exit %i, in words that help", (message, exit, words) => {
  expect(sqliteError('contacts.db', fromWasm(message))).toMatchObject({
    exit,
    message: expect.stringContaining(words),
  });
});
