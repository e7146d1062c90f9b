import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { formatOptions } from '../commands/output.ts';
import { usageError } from '../errors.ts';
import { loadFormat } from '../output/formats.ts';
import type { ExportParts } from './export-run.ts';

/**
 * Checks that rows can be added after the first `bytes` bytes of a file: it begins with the header
 * that this export would write, and ends with a whole line. Throws exit 2 otherwise.
 */
export async function checkAppend(
  parts: ExportParts,
  target: string,
  bytes: number,
): Promise<void> {
  const { plan, choice } = parts;
  if (choice.attributes) {
    throw usageError('--append needs columns that are known', 'name the attributes: attr.city');
  }
  const expected = await headerOf(parts);
  const start = await readStart(target, plan.gzip, expected.length);
  if (!start.equals(expected)) {
    throw usageError(
      `the columns of ${plan.file} are others than those of this export`,
      `it should begin with: ${expected.toString('utf8').trim()}`,
      'other-columns',
    );
  }
  if (plan.format === 'ndjson' && !choice.whole) {
    const wanted = choice.columns.map(({ name }) => name);
    const [line = ''] = (await readStart(target, plan.gzip, longestLine)).toString().split('\n', 1);
    if (keysOf(line) !== JSON.stringify(wanted)) {
      throw usageError(
        `the records of ${plan.file} have other columns than those of this export`,
        `its first one should have: ${wanted.join(', ')}`,
        'other-columns',
      );
    }
  }
  if (!plan.gzip && !(await endsLine(target, bytes))) {
    throw usageError(`${plan.file} does not end with a whole line`, 'repair it first', 'torn-file');
  }
}

const longestLine = 1_000_000;

/** The keys of a record, as JSON; '' for a line that is none. */
function keysOf(line: string): string {
  try {
    return JSON.stringify(Object.keys(JSON.parse(line)));
  } catch {
    return '';
  }
}

/** What the format writes for no rows at all: its header. */
async function headerOf({ plan, choice, options, context }: ExportParts): Promise<Buffer> {
  const format = await loadFormat(plan.format);
  const none = (async function* () {})();
  const table = { columns: choice.columns, whole: choice.whole, pages: none };
  const chunks: Uint8Array[] = [];
  for await (const chunk of format(
    table,
    formatOptions(options, context, () => 'UTC'),
  )) {
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

async function readStart(target: string, gzip: boolean, length: number): Promise<Buffer> {
  const file = await open(target);
  const source = file.createReadStream();
  const text = gzip ? source.pipe(createGunzip()) : source;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of text) {
      chunks.push(chunk as Uint8Array);
      size += (chunk as Uint8Array).length;
      if (size >= length) break;
    }
  } catch {
    throw usageError(
      `${target} is not compressed with gzip`,
      'give -o a name without .gz',
      'not-gzip',
    );
  } finally {
    source.destroy();
    await file.close().catch(() => {});
  }
  return Buffer.concat(chunks).subarray(0, length);
}

async function endsLine(target: string, bytes: number): Promise<boolean> {
  const file = await open(target);
  try {
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, bytes - 1);
    return last.toString() === '\n';
  } finally {
    await file.close();
  }
}
