import { isBuiltin } from 'node:module';
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
    const { parseTarget } = await import('../../database/target.ts');
    const target = parseTarget(text, { typed: false, schema: undefined, env });
    if (target.kind === 'sqlite') return ok('database', `${target.file}; ${engine}`);
    const { openPostgres } = await import('../../database/postgres.ts');
    const { homeOf } = await import('../../files/home.ts');
    const state = await openPostgres(target, { env, home: homeOf(env), signal }).look();
    const last = state?.get('last_full');
    return ok('database', `${target.shown}: ${last ? `last full run ${last}` : 'empty as yet'}`);
  } catch (error) {
    return failed('database', error);
  }
}
