import { usageError } from '../errors.ts';
import { formatFacts, parseFormat } from './formats.ts';

/** Refuses a stored format that is no use but in a file, unless the output may go `toFile`. */
export function checkStoredFormat(name: string, toFile: boolean): void {
  const format = parseFormat(name);
  const { isText, columns } = formatFacts(format);
  if (toFile || (isText && columns === undefined)) return;
  throw usageError(`${format} is for files only`, `give -o FILE.${format} when you want one`);
}
