import type { Table } from '../table.ts';

/** How the terminal that will show the text looks; formats for machines ignore it. */
export interface Look {
  /** Display columns; Infinity never truncates. */
  readonly width: number;
  /** 0 none, 1 16 colours, 2 256, 3 true colour: chalk's levels. */
  readonly color: 0 | 1 | 2 | 3;
  /** False where the locale or TERM cannot show box drawing and ellipsis. */
  readonly unicode: boolean;
  /** IANA zone for times shown to people; asked for only when one is shown. */
  readonly timeZone: () => string;
  readonly now: Date;
}

export interface FormatOptions {
  readonly header: boolean;
  /** The rows are added to those of a file: no header and no byte order mark. */
  readonly continues?: boolean;
  /** BOM, CRLF and numbers-that-are-text as text, for spreadsheets. */
  readonly excel: boolean;
  /** Guard cells that a spreadsheet would run as a formula. */
  readonly guard: boolean;
  /** The version of vCard to write. */
  readonly vcard: '3.0' | '4.0';
  readonly look: Look;
}

/** A table as chunks of text or bytes, a page at a time. */
export type Format = (table: Table, options: FormatOptions) => AsyncIterable<string | Uint8Array>;
