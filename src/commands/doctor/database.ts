import { isBuiltin } from 'node:module';
import type { Context } from '../../context.ts';
import type { Database } from '../../database/database.ts';
import type { DatabaseTarget } from '../../database/target.ts';
import type { Session } from '../../session.ts';
import { timeFor } from '../../terminal/local-time.ts';
import { type Finding, failed, ok } from './finding.ts';

/** The database of contacts sync, where the environment names one, and what SQLite there is. */
export async function checkDatabase(session: Session): Promise<Finding> {
  const engine = isBuiltin('node:sqlite') ? "SQLite is Node's own" : 'SQLite runs in WebAssembly';
  try {
    const { settleTarget } = await import('../../sync/settle-target.ts');
    const zone = () => session.zone(storedZone(session))();
    const target = await settleTarget(undefined, { schema: undefined, zone }, session);
    if (target === undefined) return ok('database', `none is named; ${engine}`);
    const database = await open(target, session.context);
    try {
      const last = (await database.look({ history: false }))?.get('last_full');
      const when = last && timeFor(session.context.stdout, new Date(last), zone);
      const found = when ? `last full run ${when}` : 'empty as yet';
      return ok('database', `${database.shown}: ${found}; ${engine}`);
    } finally {
      await database.close();
    }
  } catch (error) {
    return failed('database', error);
  }
}

/** The zone that a sync would name the file by. */
function storedZone({ settings: { defaults = {} } }: Session): string | undefined {
  const tz = defaults['contacts.sync.tz'] ?? defaults['tz'];
  return typeof tz === 'string' ? tz : undefined;
}

/** To be looked at: a run that has it locked is in nobody's way. */
async function open(target: DatabaseTarget, { env, signal }: Context): Promise<Database> {
  if (target.kind === 'postgres') {
    const [{ openPostgres }, { homeOf }] = await Promise.all([
      import('../../database/postgres.ts'),
      import('../../files/home.ts'),
    ]);
    return openPostgres(target, { env, home: homeOf(env), signal });
  }
  const [{ openSqlite }, { checkTarget }] = await Promise.all([
    import('../../database/sqlite.ts'),
    import('../../files/target.ts'),
  ]);
  const file = await checkTarget(target.file, 'name a file, such as contacts.db');
  return openSqlite(file, undefined, signal);
}
