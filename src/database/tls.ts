import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { fileError } from '../errors.ts';

/** How a connection is guarded, by libpq's words. */
export const tlsModes = [
  'disable',
  'allow',
  'prefer',
  'require',
  'verify-ca',
  'verify-full',
] as const;

export type TlsMode = (typeof tlsModes)[number];

export function isTlsMode(text: string): text is TlsMode {
  return (tlsModes as readonly string[]).includes(text);
}

/** On this machine nobody listens in; anywhere else the server must prove who it is. */
export function defaultTls(host: string): TlsMode {
  return isLocal(host) ? 'disable' : 'verify-full';
}

function isLocal(host: string): boolean {
  return host.startsWith('/') || /^(localhost|127(\.\d+){3}|::1)$/i.test(host);
}

interface TlsFacts {
  readonly tls: TlsMode;
  readonly host: string;
  readonly rootCert: string | undefined;
  readonly clientCert: string | undefined;
  readonly clientKey: string | undefined;
}

/** What Node's TLS is to check; false for a plain connection. Throws exit 7 for a missing file. */
export function tlsOptions(facts: TlsFacts): ConnectionOptions | false {
  const { tls, host, rootCert, clientCert, clientKey } = facts;
  if (tls === 'disable' || host.startsWith('/')) return false;
  const hasRoot = rootCert !== undefined && rootCert !== 'system';
  // As libpq does: with a root certificate at hand `require` checks it.
  const verifies = tls.startsWith('verify') || (tls === 'require' && hasRoot);
  return {
    rejectUnauthorized: verifies,
    servername: /^[\d.]+$|:/.test(host) ? '' : host,
    ...(hasRoot && { ca: read(rootCert) }),
    ...(clientCert !== undefined && { cert: read(clientCert) }),
    ...(clientKey !== undefined && { key: read(clientKey) }),
    ...(verifies && tls !== 'verify-full' && { checkServerIdentity: () => undefined }),
  };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileError(path, error, `the certificate ${path} can't be read`);
  }
}
