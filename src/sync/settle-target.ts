import { type DatabaseTarget, parseTarget } from '../database/target.ts';
import { fillIn } from '../output/write.ts';
import type { Session } from '../session.ts';
import { readSecretFile } from '../state/token.ts';

/** The database that was typed, or else that the environment names; undefined where neither does. */
export async function settleTarget(
  typed: string | undefined,
  { schema, zone }: { readonly schema: string | undefined; readonly zone: () => string },
  session: Session,
): Promise<DatabaseTarget | undefined> {
  const { context } = session;
  const text = (typed ?? (await namedTarget(session)))?.trim();
  if (!text) return undefined;
  const target = parseTarget(text, { typed: typed !== undefined, schema, env: context.env });
  if (target.kind === 'postgres') return target;
  const profile = () => session.profile;
  return { ...target, file: fillIn(target.file, { context, zone, profile }) };
}

/** In a variable or in a file: it may hold a password. */
async function namedTarget({ context }: Session): Promise<string | undefined> {
  const { env, signal } = context;
  const { REEKOLECT_DATABASE_URL: text, REEKOLECT_DATABASE_URL_FILE: file } = env;
  if (text || !file) return text;
  return readSecretFile('REEKOLECT_DATABASE_URL_FILE', file, env, signal);
}
