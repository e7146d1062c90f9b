import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Env } from '../context.ts';
import { type ExplainedError, localError, usageError } from '../errors.ts';
import { defaultTls, isTlsMode, type TlsMode, tlsModes } from './tls.ts';

/** A file, or a schema on a server. */
export type DatabaseTarget = SqliteTarget | PostgresTarget;

export interface SqliteTarget {
  readonly kind: 'sqlite';
  /** As it was typed. */
  readonly file: string;
}

export interface PostgresTarget {
  readonly kind: 'postgres';
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** From REEKOLECT_DATABASE_URL or PGPASSWORD; else a file may have it. */
  readonly password: string | undefined;
  readonly tls: TlsMode;
  /** The file of PGSSLROOTCERT, and of the client's own certificate. */
  readonly rootCert: string | undefined;
  readonly clientCert: string | undefined;
  readonly clientKey: string | undefined;
  readonly schema: string;
  /** For messages, without a password. */
  readonly shown: string;
}

const targetHint =
  'name a file that ends in .db .sqlite or .sqlite3, sqlite:PATH for any other, or postgres://user@host/name';

interface TargetFacts {
  /** Whether it stood on the command line, where others can read it. */
  readonly typed: boolean;
  readonly schema: string | undefined;
  readonly env: Env;
}

/** Understands TARGET. Throws a usage error for what names no database; a password is never repeated. */
export function parseTarget(text: string, facts: TargetFacts): DatabaseTarget {
  if (/^postgres(ql)?:\/\//i.test(text)) return postgresTarget(text, facts);
  if (facts.schema !== undefined) {
    throw usageError('--schema is for PostgreSQL: an SQLite file has no schemas', 'leave it out');
  }
  const [, scheme = '', rest = ''] = /^["']?([a-z][a-z0-9+.-]+):(.*)$/is.exec(text) ?? [];
  if (/^sqlite$/i.test(scheme)) {
    if (/^\/\/(?!\/)/.test(rest)) throw noDatabase('sqlite: is followed by a path, not by a host');
    return fileTarget(rest.replace(/^\/\//, ''), 'sqlite: is followed by nothing');
  }
  // An address of any other kind may hold a password, as libpq's words may.
  if (scheme !== '') {
    const kind = rest.startsWith('//') ? scheme : 'such';
    throw noDatabase(`reekolect keeps contacts in no ${kind} database`);
  }
  if (!/\.(?:db|sqlite|sqlite3)$/i.test(text) || /\bpassword\s*=/i.test(text)) {
    const named = facts.typed ? 'TARGET' : 'REEKOLECT_DATABASE_URL';
    const isPlain = facts.typed && /^[\w./\\ -]+$/.test(text);
    throw noDatabase(`${isPlain ? text : named} names no database`);
  }
  return fileTarget(text, 'TARGET is empty');
}

function fileTarget(file: string, whyEmpty: string): SqliteTarget {
  if (file === '') throw noDatabase(whyEmpty);
  if (/^:memory:$/i.test(file)) throw noDatabase('a database in memory is gone when the run ends');
  return { kind: 'sqlite', file };
}

function noDatabase(message: string): ExplainedError {
  return usageError(message, targetHint, 'bad-target');
}

/** What the address says goes before what libpq's variables say. */
function postgresTarget(text: string, { typed, schema, env }: TargetFacts): PostgresTarget {
  if (severalHosts.test(text)) throw oneHostOnly();
  const address = readAddress(text);
  const { query } = address;
  const inAddress = address.password || query.get('password') || undefined;
  if (typed && (inAddress !== undefined || query.has('sslpassword'))) {
    throw usageError(
      'a password on the command line is seen by everybody on this machine',
      'leave it out, and set PGPASSWORD or REEKOLECT_DATABASE_URL, or keep it in ~/.pgpass',
      'password-in-target',
    );
  }
  const portText = query.get('port') || address.port || env['PGPORT'] || '5432';
  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port < 1 || port > 65535) {
    throw usageError('the port of the database is no number from 1 to 65535', targetHint);
  }
  const host = query.get('host') || address.host || env['PGHOST'] || localHost(port);
  if (host.includes(',')) throw oneHostOnly();
  if (/\.redshift(-serverless)?\.amazonaws\.com$/i.test(host)) throw redshift();
  const user = query.get('user') || address.user || env['PGUSER'] || systemUser();
  const database = query.get('dbname') || address.database || env['PGDATABASE'] || user;
  const tls = query.get('sslmode') || env['PGSSLMODE'] || defaultTls(host);
  if (!isTlsMode(tls)) {
    throw usageError('the sslmode is none that exists', `it is one of ${tlsModes.join(', ')}`);
  }
  const name = host.includes(':') ? `[${host}]` : host;
  const where = host.startsWith('/') ? `/${database}?host=${host}` : `${name}:${port}/${database}`;
  return {
    kind: 'postgres',
    host,
    port,
    user,
    database,
    password: inAddress ?? (env['PGPASSWORD'] || undefined),
    tls,
    rootCert: query.get('sslrootcert') || env['PGSSLROOTCERT'] || undefined,
    clientCert: query.get('sslcert') || env['PGSSLCERT'] || undefined,
    clientKey: query.get('sslkey') || env['PGSSLKEY'] || undefined,
    schema: schemaName(schema ?? 'reekolect'),
    shown: `postgres://${user}@${where}${schema === undefined ? '' : `, schema ${schema}`}`,
  };
}

/** Each may have a port of its own. */
const severalHosts = /^[a-z]+:\/\/(?:[^@/?#]*@)?[^@/?#]*,[^@/?#]*(?:[/?#]|$)/i;

function oneHostOnly(): ExplainedError {
  return usageError(
    'the address names several servers, and reekolect writes to one',
    'name the one that takes writes, or what stands before them all',
    'several-hosts',
  );
}

/** PostgreSQL cuts longer names, and keeps some for itself; a parameter is written as `?` in our statements. */
function schemaName(name: string): string {
  if (name !== '' && Buffer.byteLength(name) <= 63 && !/^pg_|[?\0]/.test(name)) return name;
  throw usageError(
    '--schema is no name that PostgreSQL takes',
    'it has 1 to 63 bytes, no question mark, and does not begin with pg_',
    'bad-schema',
  );
}

const parts =
  /^[a-z]+:\/\/(?:(?<user>[^:@/?#]*)(?::(?<password>[^/?#]*))?@)?(?<host>\[[^\]]*\]|[^:/?#]*)(?::(?<port>\d*))?(?:\/(?<database>[^?#@]*))?(?:\?(?<query>[^#]*))?$/i;

/** By hand: no URL may have a user and no host, as `postgres://me@/name` has. */
function readAddress(text: string) {
  const found = parts.exec(text)?.groups;
  if (found === undefined) throw noDatabase("the address of the database can't be read");
  const part = (name: string) => decoded(found[name] ?? '');
  return {
    user: part('user'),
    password: part('password'),
    host: part('host').replace(/^\[|\]$/g, ''),
    port: part('port'),
    database: part('database'),
    // A plus sign is itself there, and no blank.
    query: new URLSearchParams((found['query'] ?? '').replaceAll('+', '%2B')),
  };
}

/** The folder of a socket where there is one, as libpq looks for it. */
function localHost(port: number): string {
  const folders = ['/var/run/postgresql', '/tmp'];
  return folders.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`)) ?? 'localhost';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw usageError(
      'the database has no user',
      'name it: postgres://USER@HOST/NAME, or set PGUSER',
    );
  }
}

export function redshift(): ExplainedError {
  return localError(
    'redshift',
    'Redshift keeps no key unique, so contacts would come twice',
    'sync into PostgreSQL, or load an export: reekolect contacts export -o contacts.parquet',
  );
}
