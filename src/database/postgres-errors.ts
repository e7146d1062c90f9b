import { ExplainedError, errnoOf, exitCodes, localError } from '../errors.ts';
import { reasonOf } from '../reasons.ts';
import { quoted } from './schema.ts';
import type { PostgresTarget } from './target.ts';

/** The server's five-character code; undefined for a failure of the connection itself. */
function sqlState(error: unknown): string | undefined {
  const code = errnoOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code)
    ? code
    : undefined;
}

/** Whether others were in the way, so that the same transaction may succeed when it is repeated. */
export function isRepeatable(error: unknown): boolean {
  return ['40001', '40P01'].includes(sqlState(error) ?? '');
}

/** What a server says where a lock is not to be had. */
export const lockedState = '55P03';

/** What it says where nothing may be written. */
export const readOnlyState = '25006';

/** Whether another transaction holds what this one needs. */
export function isLocked(error: unknown): boolean {
  return sqlState(error) === lockedState;
}

/** Whether nothing more can come over the connection, so that what it last did is unknown. */
export function isLost(error: unknown): boolean {
  if (error instanceof ExplainedError) return false;
  const state = sqlState(error);
  return state === undefined || /^(08|57P0|25P03)/.test(state);
}

/** Says what a failure means and what to do; nothing of a row is repeated. */
export function postgresError(error: unknown, target: PostgresTarget): unknown {
  if (error instanceof ExplainedError || !(error instanceof Error)) return error;
  const state = sqlState(error);
  const [message, hint] =
    state === undefined ? ofConnection(error, target) : ofServer(state, error, target);
  if (state === lockedState) {
    return new ExplainedError({
      exit: exitCodes.locked,
      code: 'locked',
      message: `another run is writing ${target.shown}`,
      hint: 'wait for it to end, then run it again',
    });
  }
  return localError('database', message, hint);
}

type Words = readonly [message: string, hint: string];

function ofConnection(error: Error, target: PostgresTarget): Words {
  const { shown, host } = target;
  if (/does not support SSL/.test(error.message)) {
    return [
      `the server of ${shown} speaks no TLS`,
      'turn TLS on there; or, where the way to it is safe without, set PGSSLMODE=disable',
    ];
  }
  const code = errnoOf(error) ?? '';
  if (/CERT|SIGNATURE|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code)) {
    return [
      `the certificate of ${shown} does not prove that it is ${host}: ${reasonOf(code)}`,
      hintOn(code, target),
    ];
  }
  const why = code === '' ? wordsOf(error) : reasonOf(error);
  return [`${shown} can't be reached: ${why}`, 'check host and port, and that the server runs'];
}

function hintOn(code: string, { tls, rootCert }: PostgresTarget): string {
  if (/ALTNAME/.test(code)) {
    return 'connect by a name that the certificate has; PGSSLMODE=verify-ca takes any';
  }
  if (rootCert !== undefined && rootCert !== 'system') {
    return 'PGSSLROOTCERT or sslrootcert must name the certificate of who signed it';
  }
  return tls === 'verify-full'
    ? 'name its root certificate: PGSSLROOTCERT=FILE; PGSSLMODE=require encrypts without proof'
    : 'name its root certificate: PGSSLROOTCERT=FILE';
}

/** The driver's own words, which hold nothing of a row. */
function wordsOf({ message }: Error): string {
  return /timeout|terminated|closed|ended/i.test(message)
    ? 'the connection was cut'
    : message.slice(0, 200);
}

function ofServer(state: string, { message }: Error, target: PostgresTarget): Words {
  const { shown, user, database, schema } = target;
  switch (state) {
    case '28P01':
      return [
        `${shown} refuses the password of ${user}`,
        'check PGPASSWORD, or the line in ~/.pgpass',
      ];
    case '28000':
      return /no encryption|SSL off/i.test(message)
        ? [
            `${shown} takes no connection without TLS`,
            'set PGSSLMODE=require, or better verify-full',
          ]
        : [`${shown} does not let ${user} in`, 'its pg_hba.conf must allow this user from here'];
    case '3D000':
      return [`there is no database ${database} on the server`, `make it: createdb ${database}`];
    case '42501':
      return [
        `${user} may not write into the schema ${schema} of ${shown}`,
        `an administrator runs: CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}; GRANT ALL ON SCHEMA ${quoted(schema)} TO ${quoted(user)}; and, where the tables are another's, ALTER TABLE … OWNER TO ${quoted(user)}`,
      ];
    case readOnlyState:
      return [
        `${shown} is read-only`,
        'name the primary server, not a replica; or look at default_transaction_read_only',
      ];
    case '53300':
      return [`${shown} has no connection left`, 'close others, or run it again later'];
    case '53100':
      return [`${shown} has no disk space left`, 'free some there; nothing was changed'];
    case '57P03':
      return [`${shown} is starting or stopping`, 'run it again in a moment'];
    case '57014':
      return [`${shown} cancelled a statement`, 'raise statement_timeout for this user'];
    default:
      return state.startsWith('22') || state.startsWith('23')
        ? [`${shown} refuses a value (SQLSTATE ${state})`, 'nothing was changed; please report it']
        : [`${shown}: ${message.slice(0, 300)} (SQLSTATE ${state})`, 'nothing was changed'];
  }
}
