import type { Table } from '../table.ts';
import type { Capabilities } from '../terminal/capabilities.ts';

export const delimiters = [',', ';', 'tab', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

export interface FormatOptions {
  readonly header: boolean;
  /** The rows are added to those of a file: no header and no byte order mark. */
  readonly continues?: boolean;
  /** CSV for spreadsheets: BOM, CRLF, local times, and as text whatever they would change. */
  readonly excel: boolean;
  /** What parts the cells of CSV. */
  readonly delimiter: Delimiter;
  /** Guard cells that a spreadsheet would run as a formula. */
  readonly guard: boolean;
  /** The version of vCard to write. */
  readonly vcard: '3.0' | '4.0';
  /** JSON spread over lines, for people. */
  readonly indent?: boolean;
  readonly terminal: Capabilities;
  /** IANA zone for times of people and spreadsheets; asked for only when one is written. */
  readonly timeZone: () => string;
  /** Tells of what the format had no room for. */
  readonly warn: (line: string) => void;
  readonly now: Date;
}

/** A table as chunks of text or bytes, a page at a time. */
export type Format = (table: Table, options: FormatOptions) => AsyncIterable<string | Uint8Array>;
