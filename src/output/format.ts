import type { Table } from '../table.ts';
import type { Capabilities } from '../terminal/capabilities.ts';

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
  /** JSON spread over lines, for people. */
  readonly indent?: boolean;
  readonly terminal: Capabilities;
  /** IANA zone for times shown to people; asked for only when one is shown. */
  readonly timeZone: () => string;
  readonly now: Date;
}

/** A table as chunks of text or bytes, a page at a time. */
export type Format = (table: Table, options: FormatOptions) => AsyncIterable<string | Uint8Array>;
