import { isBuiltin } from 'node:module';
import type { Context } from '../../context.ts';
import type { Database } from '../../database/database.ts';
import type { Session } from '../../session.ts';
import { type Finding, failed, ok } from './finding.ts';

/** The database of contacts sync, where the environment names one, and what SQLite there is. */
export async function checkDatabase({ context }: Session): Promise<Finding> {
  const { env, signal } = context;
  const engine = isBuiltin('node:sqlite') ? "SQLite is Node's own" : 'SQLite runs in WebAssembly';
  try {
    const { namedTarget } = await import('../../sync/named-target.ts');
    const text = await namedTarget(env, signal);
    if (text === undefined) return ok('database', `none is named; ${engine}`);
    const database = await open(text, context);
    try {
      const last = (await database.look())?.get('last_full');
      const found = last ? `last full run ${last}` : 'empty as yet';
      return ok('database', `${database.shown}: ${found}; ${engine}`);
    } finally {
      await database.close();
    }
  } catch (error) {
    return failed('database', error);
  }
}

/** To be looked at: a run that has it locked is in nobody's way. */
async function open(text: string, { env, signal }: Context): Promise<Database> {
  const [{ parseTarget }, { expandHome, homeOf }] = await Promise.all([
    import('../../database/target.ts'),
    import('../../files/home.ts'),
  ]);
  const target = parseTarget(expandHome(text, env), { typed: false, schema: undefined, env });
  if (target.kind === 'postgres') {
    const { openPostgres } = await import('../../database/postgres.ts');
    return openPostgres(target, { env, home: homeOf(env), signal });
  }
  const [{ openSqlite }, { checkTarget }] = await Promise.all([
    import('../../database/sqlite.ts'),
    import('../../files/target.ts'),
  ]);
  const file = await checkTarget(target.file, 'name a file, such as contacts.db');
  return openSqlite(file, undefined, signal);
}
