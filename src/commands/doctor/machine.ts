import { accessSync, constants, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openProxyAgents } from '../../api/proxy.ts';
import type { Context, Env } from '../../context.ts';
import { errnoOf } from '../../errors.ts';
import { colorLevel, showsUnicode } from '../../terminal/capabilities.ts';
import { version } from '../../version.ts';
import { type Finding, failure, ok, warning } from './finding.ts';

export function checkNode(): Finding {
  const { platform, arch, versions } = process;
  const found = `${versions.node}, for reekolect ${version} on ${platform} ${arch}`;
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 3)) return ok('node', found);
  return failure('node', found, 'install Node 20.3 or newer: https://nodejs.org');
}

/** The proxy variables in force, without the passwords in them. */
export async function checkProxy(url: URL | undefined, env: Env): Promise<Finding> {
  const set = Object.keys(env).filter((name) => /^(https?|all|no)_proxy$/i.test(name) && env[name]);
  if (set.length === 0) return ok('proxy', 'none');
  const shown = set.map((name) => `${name}=${maskProxy(env[name] ?? '')}`).join(', ');
  if (url === undefined) return ok('proxy', shown);
  try {
    const agents = await openProxyAgents(url, env);
    agents?.http.destroy();
    agents?.https.destroy();
    return ok('proxy', `${shown} (${agents === undefined ? 'not ' : ''}used for ${url.host})`);
  } catch {
    const hint = 'give it as http://HOST:PORT, or unset it';
    return failure('proxy', `${shown}: not an address that a proxy can have`, hint);
  }
}

/** `http://me:secret@proxy:3128` as `http://****@proxy:3128`. */
export function maskProxy(text: string): string {
  return text.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/i, '$1****@');
}

/** Node only prints a warning for a file of certificates that it can't use. */
export function checkCertificates(env: Env): Finding {
  const file = env['NODE_EXTRA_CA_CERTS'];
  if (!file) return ok('certificates', 'those that Node trusts');
  const hint = 'NODE_EXTRA_CA_CERTS must name a PEM file, or be unset';
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) {
      return ok('certificates', `those that Node trusts, and ${file}`);
    }
    return failure('certificates', `${file} holds no certificate`, hint);
  } catch (error) {
    return failure('certificates', `${file} can't be read (${errnoOf(error)})`, hint);
  }
}

export function checkFolder(): Finding {
  const folder = resolve('.');
  try {
    accessSync(folder, constants.W_OK);
    return ok('folder', `${folder} can be written to`);
  } catch (error) {
    const hint = 'export to a file elsewhere: -o /another/folder/contacts.csv';
    return warning('folder', `${folder} can't be written to (${errnoOf(error)})`, hint);
  }
}

const colors = ['no colours', '16 colours', '256 colours', 'true colour'];

export function checkTerminal({ color }: { readonly color: boolean }, context: Context): Finding {
  const { stdout, env } = context;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  const where =
    stdout.isTTY === true ? `${stdout.columns ?? 80} columns` : 'no terminal: output is piped';
  const parts = [
    where,
    colors[colorLevel(stdout, env, color)],
    showsUnicode(env) ? 'unicode' : 'ASCII only',
    locale ? `locale ${locale}` : 'no locale set',
  ];
  return ok('terminal', parts.join(', '));
}
