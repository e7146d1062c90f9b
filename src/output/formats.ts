import { extname } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { usageError } from '../errors.ts';
import type { Format } from './format.ts';

export interface FormatFacts {
  /** File extensions without the dot; any of them may be followed by `.gz`. */
  readonly extensions: readonly string[];
  readonly isText: boolean;
  /** Writes its own colour codes and has cleaned what it shows: never to be cleaned again. */
  readonly styled: boolean;
  /** Rows can be added to the end of a file that is already there. */
  readonly canAppend: boolean;
  /** It writes whole records where the user chose no columns. */
  readonly isJson?: boolean;
  /** The only columns that it has a place for, and its choice where the user made none. */
  readonly columns?: readonly string[];
  readonly load: () => Promise<Format>;
}

// Imports are spelled out, not built from the name, so that a bundler can follow them.
const text = { isText: true, styled: false, canAppend: false };
const binary = { ...text, isText: false };
const cardColumns = 'id name email phone whatsapp tags city country updated_at'.split(' ');
const formats = {
  table: {
    ...text,
    extensions: [],
    styled: true,
    load: async () => (await import('./formats/table.ts')).table,
  },
  tsv: {
    ...text,
    extensions: ['tsv'],
    canAppend: true,
    load: async () => (await import('./formats/tsv.ts')).tsv,
  },
  csv: {
    ...text,
    extensions: ['csv'],
    canAppend: true,
    load: async () => (await import('./formats/csv.ts')).csv,
  },
  json: {
    ...text,
    extensions: ['json'],
    isJson: true,
    load: async () => (await import('./formats/json.ts')).json,
  },
  ndjson: {
    ...text,
    extensions: ['ndjson', 'jsonl'],
    isJson: true,
    canAppend: true,
    load: async () => (await import('./formats/ndjson.ts')).ndjson,
  },
  markdown: {
    ...text,
    extensions: ['md', 'markdown'],
    load: async () => (await import('./formats/markdown.ts')).markdown,
  },
  vcf: {
    ...text,
    extensions: ['vcf'],
    columns: cardColumns,
    load: async () => (await import('./formats/vcf.ts')).vcf,
  },
  xlsx: {
    ...binary,
    extensions: ['xlsx'],
    load: async () => (await import('./formats/xlsx.ts')).xlsx,
  },
  parquet: {
    ...binary,
    extensions: ['parquet'],
    load: async () => (await import('./formats/parquet.ts')).parquet,
  },
} satisfies Record<string, FormatFacts>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as readonly FormatName[];

export interface Target {
  readonly format: FormatName;
  readonly gzip: boolean;
}

export function formatFacts(name: FormatName): FormatFacts {
  return formats[name];
}

/** What a file's extension asks for; undefined when it says nothing to us. */
export function formatOfPath(path: string): Target | undefined {
  const name = path.toLowerCase();
  const gzip = name.endsWith('.gz');
  const extension = extname(gzip ? name.slice(0, -'.gz'.length) : name).slice(1);
  const format = formatOfExtension(extension);
  return format && { format, gzip };
}

/** What some formats are called elsewhere. */
const otherNames: { readonly [name: string]: FormatName | undefined } = {
  excel: 'xlsx',
  xls: 'xlsx',
  vcard: 'vcf',
  text: 'tsv',
  txt: 'tsv',
  jsonlines: 'ndjson',
};

/** The format that a name means to people, though it is none of ours: for a hint. */
export function formatMeantBy(name: string): FormatName | undefined {
  const typed = name.toLowerCase();
  return Object.hasOwn(otherNames, typed) ? otherNames[typed] : formatOfExtension(typed);
}

/** A format's name, or one of its extensions, as typed by the user. */
export function parseFormat(name: string): FormatName {
  const typed = name.trim().toLowerCase();
  const format = formatNames.find((known) => known === typed) ?? formatOfExtension(typed);
  if (format) return format;
  const other = formatMeantBy(typed);
  const near = other ?? closest(typed, [...formatNames]);
  const guess = other || distance(typed, near) <= 2 ? `did you mean ${near}? ` : '';
  throw usageError(
    `unknown format "${name}"`,
    `${guess}the formats are ${formatNames.join(', ')}`,
    'unknown-format',
  );
}

/** Imports only the format that is asked for. */
export function loadFormat(name: FormatName): Promise<Format> {
  return formats[name].load();
}

function formatOfExtension(extension: string): FormatName | undefined {
  return formatNames.find((name) => formatFacts(name).extensions.includes(extension));
}

/** The format that a file's extension asks for. Throws a usage error for one that asks for none. */
export function formatNamedBy(file: string): FormatName {
  const found = formatOfPath(file);
  if (found !== undefined) return found.format;
  // `-o json`, `-o a.xls`
  const bare = formatMeantBy(file);
  if (bare !== undefined) {
    throw usageError(
      `${file} is a format, and no name for a file`,
      `write --format ${bare}, or a file such as -o contacts.${formatFacts(bare).extensions[0]}`,
    );
  }
  const [, folder, dotted] = /^(.*\/)?(\.[^/]+)$/s.exec(file) ?? [];
  if (dotted !== undefined && formatOfPath(`contacts${dotted}`) !== undefined) {
    const named = `${folder ?? ''}contacts${dotted}`;
    throw usageError(`${file} has no name before its extension`, `write one: -o ${named}`);
  }
  const [, stem = '', extension = ''] = /^(.+)\.(\w+)$/.exec(file) ?? [];
  const meant = formatMeantBy(extension);
  if (meant !== undefined) {
    throw usageError(
      `.${extension} files are not written`,
      `write ${meant} instead: -o ${stem}.${formatFacts(meant).extensions[0]}`,
    );
  }
  if (/^(db|sqlite3?)$/i.test(extension)) {
    throw usageError(
      `${file} is a database`,
      `to keep one up to date: reekolect contacts sync ${file}`,
    );
  }
  throw usageError(
    `the extension of ${file} names no format`,
    `end it in .csv .tsv .json .ndjson .jsonl .md .vcf .xlsx or .parquet (also with .gz), or give --format: ${formatNames.join(', ')}`,
  );
}
