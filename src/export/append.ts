import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { usageError } from '../errors.ts';
import type { AtomicFile } from '../files/atomic-file.ts';
import { statOf, type Target } from '../files/target.ts';
import { loadFormat } from '../output/formats.ts';
import { type OutputPlan, writeChunks } from '../output/write.ts';
import { type ColumnChoice, columnNames } from '../records/columns.ts';
import { parseJson } from '../records/json-text.ts';
import type { ExportPlan } from './plan.ts';

/** The file that is added to, as it is now. */
export interface Base {
  readonly bytes: number;
  /** Changes when anybody changes the file. */
  readonly version: string;
}

export async function baseOf({ path }: Target): Promise<Base> {
  const found = await statOf(path);
  if (found === undefined) return { bytes: 0, version: 'none' };
  return { bytes: found.size, version: `${found.ino} ${found.size} ${found.mtimeMs}` };
}

/**
 * Checks that rows can be added to a file: it begins with the header that this export would
 * write, and ends with a whole line. Throws exit 2 otherwise.
 */
export async function checkAppend(plan: ExportPlan, target: Target, base: Base): Promise<void> {
  const { output, choice } = plan;
  if (choice.attributes) {
    throw usageError('--append needs columns that are known', 'name the attributes: attr.city');
  }
  if (base.bytes === 0) return;
  const expected = await headerOf(plan);
  const { start, last } = await readEnds(target, output.gzip, base.bytes);
  // Packed, no rows are some bytes too.
  if (expected.length === 0 && last === '') return;
  if (!start.subarray(0, expected.length).equals(expected)) {
    const [held, written] = [cellsOf(start), cellsOf(expected)];
    if (held.join() === written.join()) {
      throw usageError(
        `${output.file} has the same columns, but is written in another way`,
        'give the same --delimiter, --excel and --no-header as the run that made it',
        'other-columns',
      );
    }
    throw usageError(
      `the columns of ${output.file} are others than those of this export`,
      bothHeaders(held, written, plan),
      'other-columns',
    );
  }
  if (output.format === 'ndjson') checkKeys(plan, start);
  if (last === '\n') return;
  throw usageError(`${output.file} does not end with a whole line`, 'repair it first', 'torn-file');
}

function checkKeys(plan: ExportPlan, start: Buffer): void {
  const { output, choice } = plan;
  const [line = ''] = start.toString().split('\n', 1);
  if (choice.whole) {
    if (!isOfColumns(line, plan)) return;
    throw usageError(
      `the records of ${output.file} have columns, and those of this export are whole`,
      `give the same --columns as the run that made it: ${keysIn(line).join()}`,
      'other-columns',
    );
  }
  const names = choice.columns.map(({ name }) => name);
  // Parsed too: an object holds keys such as 1 in an order of its own.
  if (keysOf(line) === keysOf(`{${names.map((name) => `${JSON.stringify(name)}:0`).join()}}`))
    return;
  throw usageError(
    `the records of ${output.file} have other columns than those of this export`,
    bothHeaders(keysIn(line), names, plan),
    'other-columns',
  );
}

/** Whether a line is what --columns made of a record: it has names of columns alone. */
function isOfColumns(line: string, { query: { resource } }: ExportPlan): boolean {
  const keys = keysIn(line);
  const known = new Set(columnNames(resource.columns));
  const isName = (key: string) => known.has(key) || key.startsWith('attr.');
  return keys.length > 0 && keys.every(isName) && resource.key(parseJson(line)) === undefined;
}

/** What the file has and what this export writes; of the file only names of columns are shown. */
function bothHeaders(
  held: readonly string[],
  written: readonly string[],
  { query }: ExportPlan,
): string {
  const known = new Set([...written, ...columnNames(query.resource.columns)]);
  // Without a header there are contacts in the first line.
  const shown = held.map((name) => (known.has(name) || name.startsWith('attr.') ? name : '?'));
  const first = shown.slice(0, mostShown).join(' ') + (shown.length > mostShown ? ' …' : '');
  const unknown = shown.includes('?') ? ' (? is no name of a column)' : '';
  return `the file has: ${first}${unknown}; this export writes: ${written.join(' ')}`;
}

const mostShown = 40;

/** The cells of a header line, however they are separated. */
function cellsOf(start: Buffer): readonly string[] {
  const [line = ''] = start
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/, 1);
  return line.split(/[,;\t|]/).map((cell) => cell.replace(/^"(.*)"$/, '$1'));
}

/** Copies the bytes that are added to, unchanged; where there are none, the header comes first. */
export async function copyBase(
  { output, choice }: ExportPlan,
  { path }: Target,
  { bytes }: Base,
  to: AtomicFile,
): Promise<void> {
  if (bytes === 0) return writeChunks(await withoutRows(output, choice), output, to);
  for await (const chunk of createReadStream(path, { end: bytes - 1 })) {
    await to.write(chunk as Uint8Array);
  }
}

/** Copies the new rows from where they waited. */
export async function copyRows(from: FileHandle, to: AtomicFile): Promise<void> {
  const buffer = Buffer.alloc(256 * 1024);
  for (let at = 0; ; ) {
    const { bytesRead } = await from.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    await to.write(Buffer.from(buffer.subarray(0, bytesRead)));
    at += bytesRead;
  }
}

/** The keys of a record, as JSON; '' for a line that is none. */
function keysOf(line: string): string {
  const keys = keysIn(line);
  return keys.length === 0 ? '' : JSON.stringify(keys);
}

function keysIn(line: string): readonly string[] {
  try {
    return Object.keys(JSON.parse(line));
  } catch {
    return [];
  }
}

/** What the format writes for no rows at all: its header. */
async function headerOf({ output, choice }: ExportPlan): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await withoutRows(output, choice)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function withoutRows({ format, options }: OutputPlan, { columns, whole }: ColumnChoice) {
  const write = await loadFormat(format);
  return write({ columns, whole, pages: (async function* () {})() }, options);
}

const longestStart = 1_000_000;

/** The beginning and the last character, unpacked; packed data is read to its end, which proves it whole. */
async function readEnds({ path, shown }: Target, gzip: boolean, bytes: number) {
  const source = createReadStream(path, { end: bytes - 1 });
  const start: Uint8Array[] = [];
  let size = 0;
  let last = '';
  try {
    for await (const chunk of gzip ? source.pipe(createGunzip()) : source) {
      const data = chunk as Buffer;
      if (size < longestStart) start.push(data);
      size += data.length;
      last = data.toString('latin1', data.length - 1);
    }
  } catch {
    throw usageError(
      `${shown} is not whole data packed with gzip`,
      'repair it first, or give -o another name',
      'not-gzip',
    );
  } finally {
    source.destroy();
  }
  return { start: Buffer.concat(start), last };
}
