import { open } from 'node:fs/promises';
import type { FileIdentity } from '../files/file-identity.ts';
import { statOf, type Target } from '../files/target.ts';
import type { OutputPlan } from '../output/write.ts';
import type { Session } from '../session.ts';
import type { ExportPlan } from './plan.ts';

/** Warns where a file that holds rows is about to be replaced by one without; before it is. */
export async function warnOfEmptied(
  { output, options }: ExportPlan,
  { path }: Target,
  { bytes }: FileIdentity,
  session: Session,
): Promise<void> {
  const old = (await statOf(path))?.size ?? 0;
  if (options.append || old === 0) return;
  if (old <= bytes && !(await hasSecondLine(path, output))) return;
  const why = output.jq?.hasResults === false ? '--jq makes nothing of it' : 'nothing matches';
  session.log.warn(
    `${why}: the ${old.toLocaleString('en')} bytes of ${output.file} are replaced by a file without rows; --skip-empty keeps them`,
  );
}

/** Rows of few columns may be smaller than the header of many. */
async function hasSecondLine(path: string, { file = '', format }: OutputPlan): Promise<boolean> {
  if ((format !== 'csv' && format !== 'tsv') || file.endsWith('.gz')) return false;
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(8192), 0, 8192, 0);
    return /\n[^\n]/.test(buffer.toString('latin1', 0, bytesRead).trim());
  } finally {
    await handle.close();
  }
}
