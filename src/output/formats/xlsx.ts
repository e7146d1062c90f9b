import { constants, deflateRawSync } from 'node:zlib';
import { Zip, ZipPassThrough } from 'fflate';
import { localError } from '../../errors.ts';
import type { Cell, Column, Table } from '../../table.ts';
import type { FormatOptions } from '../format.ts';
import { wallClock } from './wall-clock.ts';
import { commentsXml, type HeaderNote, notesDrawing, notesLinks } from './xlsx-notes.ts';
import {
  contentTypes,
  coreProperties,
  letters,
  packageLinks,
  styles,
  workbook,
  workbookLinks,
} from './xlsx-parts.ts';
import { longestText, rowWriter, sheetHead, sheetTail } from './xlsx-sheet.ts';

/** What Excel can hold. */
const sheetRows = 1_048_576;
const sheetColumns = 16_384;

/** Zip without its 64-bit extension, which not every reader knows, ends at 4 GiB. */
const sheetBytes = 2 ** 31;

/** An Excel workbook, written as rows come; what one sheet cannot hold goes on in the next. */
export async function* xlsx(
  { columns, pages }: Table,
  { header, timeZone, warn }: FormatOptions,
  rowsPerSheet = sheetRows,
): AsyncGenerator<Uint8Array> {
  if (columns.length > sheetColumns) {
    throw localError(
      'too-wide',
      `${columns.length} columns: a sheet holds ${sheetColumns}`,
      'choose fewer --columns, or another format',
    );
  }
  const book = new Book(columns, { header, timeZone, rowsPerSheet });
  for await (const page of pages) {
    for (const { cells } of page) book.add(cells);
    yield* book.take();
  }
  book.finish();
  yield* book.take();
  for (const line of book.warnings()) warn(line);
}

/** Compressed in pieces of this length, whatever the pages: the same rows give the same bytes. */
const pieceLength = 2 ** 18;

interface BookOptions extends Pick<FormatOptions, 'header' | 'timeZone'> {
  readonly rowsPerSheet: number;
}

class Book {
  readonly #columns: readonly Column[];
  readonly #header: boolean;
  readonly #rowsPerSheet: number;
  /** Which zone times are of; undefined where there are none. */
  readonly #zone: string | undefined;
  readonly #notes: readonly HeaderNote[];
  readonly #filters: string[] = [];
  readonly #rowXml: (cells: readonly Cell[], row: number) => string;
  readonly #encoder = new TextEncoder();
  readonly #ready: Uint8Array[] = [];
  readonly #zip = new Zip((error, chunk) => {
    if (error) throw error;
    this.#ready.push(chunk);
  });
  #sheets = 0;
  #sheet: Part;
  #rows = 0;
  #bytes = 0;
  #text = '';
  #cut = 0;

  constructor(columns: readonly Column[], { header, timeZone, rowsPerSheet }: BookOptions) {
    const times = columns.flatMap(({ kind }, column) => (kind === 'time' ? [column] : []));
    this.#columns = columns;
    this.#header = header;
    this.#rowsPerSheet = rowsPerSheet;
    this.#zone = times.length > 0 ? timeZone() : undefined;
    this.#notes = header
      ? times.map((column) => ({ column, text: `Times are those of ${this.#zone}.` }))
      : [];
    this.#rowXml = rowWriter(columns, {
      clock: wallClock(timeZone),
      onCut: () => {
        this.#cut += 1;
      },
    });
    this.#write('_rels/.rels', packageLinks);
    this.#sheet = this.#openSheet();
  }

  add(cells: readonly Cell[]): void {
    if (this.#rows === this.#rowsPerSheet || this.#bytes >= sheetBytes) {
      this.#closeSheet();
      this.#sheet = this.#openSheet();
    }
    this.#rows += 1;
    this.#text += this.#rowXml(cells, this.#rows);
    if (this.#text.length >= pieceLength) this.#compress(false);
  }

  /** The bytes that are ready. */
  take(): Uint8Array[] {
    return this.#ready.splice(0);
  }

  finish(): void {
    this.#closeSheet();
    this.#write('xl/styles.xml', styles);
    this.#write('xl/workbook.xml', workbook(this.#sheets, this.#filters));
    this.#write('xl/_rels/workbook.xml.rels', workbookLinks(this.#sheets));
    for (let sheet = 1; this.#notes.length > 0 && sheet <= this.#sheets; sheet += 1) {
      this.#write(`xl/comments${sheet}.xml`, commentsXml(this.#notes));
      this.#write(`xl/drawings/vmlDrawing${sheet}.vml`, notesDrawing(this.#notes, sheet));
      this.#write(`xl/worksheets/_rels/sheet${sheet}.xml.rels`, notesLinks(sheet));
    }
    const zone = this.#zone === undefined ? '' : `Times are those of ${this.#zone}.`;
    this.#write('docProps/core.xml', coreProperties(zone));
    this.#write('[Content_Types].xml', contentTypes(this.#sheets, this.#notes.length > 0));
    this.#zip.end();
  }

  /** What a reader of the workbook has to know. */
  *warnings(): Generator<string> {
    const { format } = new Intl.NumberFormat('en');
    if (this.#sheets > 1) {
      yield `the rows are on ${this.#sheets} sheets: one holds ${format(this.#rowsPerSheet)} at most`;
    }
    if (this.#cut > 0) {
      const cells = this.#cut === 1 ? '1 cell was' : `${format(this.#cut)} cells were`;
      yield `${cells} cut, with … at the end: a sheet holds ${format(longestText)} characters in one; csv and json hold all`;
    }
  }

  #openSheet(): Part {
    this.#sheets += 1;
    this.#bytes = 0;
    this.#rows = this.#header ? 1 : 0;
    this.#text = sheetHead(this.#columns, this.#header, this.#sheets === 1);
    return this.#open(`xl/worksheets/sheet${this.#sheets}.xml`);
  }

  #closeSheet(): void {
    const last = letters(this.#columns.length - 1);
    if (this.#header) this.#filters.push(`$A$1:$${last}$${Math.max(this.#rows, 1)}`);
    this.#text += sheetTail(this.#columns, {
      header: this.#header,
      rows: this.#rows,
      notes: this.#notes.length > 0,
    });
    this.#compress(true);
  }

  #compress(last: boolean): void {
    const bytes = this.#encoder.encode(this.#text);
    this.#text = '';
    this.#bytes += bytes.length;
    this.#sheet.push(bytes, last);
  }

  #write(path: string, xml: string): void {
    this.#open(path).push(this.#encoder.encode(xml), true);
  }

  #open(path: string): Part {
    const part = new Part(path);
    this.#zip.add(part);
    return part;
  }
}

/** A file in the archive. Node's own deflate is six times as fast as fflate's. */
class Part extends ZipPassThrough {
  override compression = 8;
  // Zip knows wall time only: this is the same one in every zone.
  override mtime = new Date(1980, 0, 1, 12);

  protected override process(piece: Uint8Array<ArrayBuffer>, last: boolean): void {
    const finishFlush = last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
    this.ondata(null, new Uint8Array(deflateRawSync(piece, { finishFlush })), last);
  }
}
