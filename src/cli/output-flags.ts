import { InvalidArgumentError } from 'commander';
import { type Delimiter, delimiters } from '../output/format.ts';
import { type ColumnSet, chooseColumns } from '../records/columns.ts';
import { ImpliedFlag, switchFlag, valueFlag } from './flag.ts';
import type { StoredFacts } from './stored-option.ts';
import { list } from './values.ts';

const group = 'Output';

interface ColumnFacts extends OutputFacts {
  /** Whether all attributes of what is shown can be columns. */
  readonly attributes?: boolean;
}

interface OutputFacts {
  /** `export` may write what only a file can hold, and scripts count on what it writes. */
  readonly exports?: boolean;
}

/** The flags of every command that writes a table. */
export function outputFlags({ exports = false }: OutputFacts = {}) {
  return {
    format: valueFlag('-f, --format <name>', 'csv, tsv, json, xlsx, … reekolect help formats', {
      group,
      stored: {
        // These say what it is to be.
        yieldsTo: ['output', 'jq', 'excel', 'delimiter', 'vcard'],
        alone: exports,
        inForce: exports ? () => 'csv' : ({ context }) => (context.stdout.isTTY ? 'table' : 'tsv'),
        check: async (name: string) => {
          const { checkStoredFormat } = await import('../output/stored-format.ts');
          checkStoredFormat(name, exports);
        },
      },
    }),
    output: valueFlag('-o, --output <file>', 'write a file, its format by extension; - is stdout', {
      group,
    }),
    header: switchFlag('--no-header', 'no header row', { group, stored: {} }),
    excel: switchFlag('--excel', 'csv that Excel opens well, nothing changed in it', {
      group,
      stored: {},
      implies: { meant: 'csv' },
    }),
    delimiter: valueFlag<Delimiter>('--delimiter <sign>', "csv parted by , ; tab or '|'", {
      group,
      parse: parseDelimiter,
      otherwise: ',',
      stored: {},
      implies: { meant: 'csv' },
    }),
    meant: new ImpliedFlag<'csv' | 'vcf'>('meant'),
    guard: switchFlag('--no-guard', 'leave cells that are formulas unguarded', {
      group,
      stored: {},
    }),
    vcard: valueFlag<'3.0' | '4.0'>('--vcard <version>', 'of vCards: 4.0, or 3.0 for Outlook', {
      group,
      choices: ['3.0', '4.0'],
      otherwise: '4.0',
      stored: {},
      implies: { meant: 'vcf' },
    }),
  };
}

export const jqFlag = {
  jq: valueFlag('--jq <expr>', 'what jq makes of each record; of all for json', { group }),
};

function parseDelimiter(text: string): Delimiter {
  const found = delimiters.find((known) => known === (text === '\t' ? 'tab' : text));
  if (found !== undefined) return found;
  throw new InvalidArgumentError("expected , or ; or tab or '|'");
}

/** --columns for records, and whether it was typed; its default may be stored, for exports under their own key alone. */
export function recordColumnsFlags(
  set: ColumnSet,
  { exports = false, attributes = exports }: ColumnFacts = {},
) {
  const check = async (names: readonly string[]) => {
    chooseColumns(set, names, { toFile: attributes });
  };
  const stored: StoredFacts = {
    alone: exports,
    // jq is written for whole records.
    yieldsTo: ['jq'],
    check,
    inForce: ({ context }) =>
      (context.stdout.isTTY && !exports
        ? (set.tableDefaults ?? set.defaults)
        : set.defaults
      ).join(),
  };
  const columns = valueFlag(
    '--columns <c,...>',
    'what to show, in this order: reekolect help columns',
    { group, parse: list, stored, implies: { columnsTyped: true } },
  );
  return { columns, columnsTyped: new ImpliedFlag<true>('columnsTyped') };
}

/** --columns of a command whose columns are its own. */
export function ownColumnsFlag(names: readonly string[]) {
  return valueFlag('--columns <c,...>', `what to show, of ${names.join(',')}`, {
    group,
    parse: list,
  });
}

export const truncateFlag = switchFlag(
  '--no-truncate',
  'values in full, however wide the terminal',
  { group, stored: {} },
);
