import { usageError } from '../../errors.ts';
import { formatFacts, parseFormat } from '../../output/formats.ts';
import { columnGroups, parseColumns } from '../../records/contacts/columns.ts';

/** Refuses a format that is no use but in a file, unless the output may go `toFile`. */
export function checkFormat(name: string, toFile: boolean): void {
  const format = parseFormat(name);
  const { isText, columns } = formatFacts(format);
  if (toFile || (isText && columns === undefined)) return;
  throw usageError(`${format} is for files only`, `give -o FILE.${format} when you want one`);
}

/** Refuses unknown columns, and those that are known only at the end of an export `toFile`. */
export function checkColumns(names: readonly string[], toFile: boolean): void {
  const groups: readonly string[] = columnGroups;
  parseColumns(names.filter((name) => !groups.includes(name)));
  if (toFile || !names.includes('attrs')) return;
  throw usageError(
    'the column attrs needs an export to a file',
    'store it for exports alone: reekolect config set contacts.export.columns …',
  );
}
