import { BlockList, isIP } from 'node:net';
import type { Env } from '../context.ts';
import { usageError } from '../errors.ts';
import { isLoopback } from './api-url.ts';

/** A proxy that the environment names. */
export interface ProxyAddress {
  /** With user name and password, if it has them: never shown. */
  readonly url: URL;
  /** Scheme, host and port, for people. */
  readonly shown: string;
  /** The variable that names it. */
  readonly variable: string;
}

const schemes = /^(https?|socks(4a?|5h?)?):$/;
const namesOrAddress = /^([a-z\d._-]+|\[[\da-f:.]+\])$/i;

/**
 * The proxy for an address by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in either case of
 * letters, the lower first. Throws a usage error, without its password, for one that can't be read.
 */
export function proxyFor(url: URL, env: Env): ProxyAddress | undefined {
  const variable = [`${url.protocol.slice(0, -1)}_proxy`, 'all_proxy']
    .flatMap((name) => [name, name.toUpperCase()])
    .find((name) => env[name]);
  if (variable === undefined) return undefined;
  if (isExcluded(url, env['no_proxy'] || env['NO_PROXY'] || '')) return undefined;
  const proxy = readProxy(variable, env[variable] ?? '');
  // Plain http is for this machine only: a proxy elsewhere would see the token.
  if (url.protocol === 'http:' && !isLoopback(proxy.url.hostname)) return undefined;
  return proxy;
}

/** What a proxy variable holds, without user name and password. */
export function maskProxy(text: string): string {
  const url = parse(text);
  if (url === undefined) return '****';
  return url.username + url.password === '' ? text.trim() : shownOf(url, '****@');
}

function readProxy(variable: string, text: string): ProxyAddress {
  const url = parse(text);
  if (url !== undefined) return { url, shown: shownOf(url), variable };
  throw usageError(
    `${variable} does not hold the address of a proxy`,
    'write it as http://HOST:PORT or socks5://USER:PASSWORD@HOST:PORT, with %25 for % and %23 for # in a password',
    'bad-proxy',
  );
}

/** Undefined for what would send requests, or the password, to some other place than meant. */
function parse(text: string): URL | undefined {
  const trimmed = text.trim();
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const { protocol, hostname, pathname, search, hash, username, password } = url;
  if (!schemes.test(protocol) || !namesOrAddress.test(hostname)) return undefined;
  // A raw / ? or # in a password ends the address there: the rest looks like a path.
  if (!/^\/?$/.test(pathname) || search + hash !== '' || /[\s\\#?]/.test(trimmed)) return undefined;
  return canDecode(username) && canDecode(password) ? url : undefined;
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function shownOf({ protocol, host }: URL, credential = ''): string {
  return `${protocol}//${credential}${host}`;
}

/** NO_PROXY as curl reads it: names with all below them, addresses, networks, `*`; each with a port if any. */
function isExcluded(url: URL, list: string): boolean {
  const host = bare(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [, name = '', only] = /^(\[.*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry) ?? [];
    if (name === '' || (only !== undefined && only !== port)) return false;
    if (name.includes('/')) return isInNetwork(host, name);
    const excluded = bare(name.replace(/^\*?\./, ''));
    return host === excluded || (isIP(host) === 0 && host.endsWith(`.${excluded}`));
  });
}

function bare(host: string): string {
  return host.replace(/^\[|\]$|\.$/g, '').toLowerCase();
}

function isInNetwork(host: string, network: string): boolean {
  const [address = '', bits] = network.split('/');
  const version = isIP(host);
  const most = version === 4 ? 32 : 128;
  if (version === 0 || isIP(address) !== version || !(Number(bits) <= most)) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family);
  return list.check(host, family);
}
