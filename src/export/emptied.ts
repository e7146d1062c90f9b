import type { FileIdentity } from '../files/file-identity.ts';
import { statOf, type Target } from '../files/target.ts';
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
  // What is no larger than the header alone holds no rows.
  if (options.append || old <= bytes) return;
  session.log.warn(
    `nothing matches: the ${old.toLocaleString('en')} bytes of ${output.file} are replaced by a file without rows; --skip-empty keeps them`,
  );
}
