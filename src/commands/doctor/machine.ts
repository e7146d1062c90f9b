import { accessSync, constants, readFileSync } from 'node:fs';
import { maskProxy, proxyFor } from '../../api/proxy.ts';
import type { Env } from '../../context.ts';
import { reasonOf } from '../../reasons.ts';
import type { Session } from '../../session.ts';
import { colorLevel, showsUnicode } from '../../terminal/capabilities.ts';
import { version } from '../../version.ts';
import { type Finding, failed, failure, ok, warning } from './finding.ts';

export function checkNode(): Finding {
  const { platform, arch, versions } = process;
  const found = `${versions.node}, for reekolect ${version} on ${platform} ${arch}`;
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 3)) return ok('node', found);
  return failure('node', found, 'install Node 20.3 or newer: https://nodejs.org');
}

/** The proxy variables in force, without the passwords in them. */
export function checkProxy(url: URL | undefined, env: Env): Finding {
  const set = Object.keys(env).filter((name) => /^(https?|all|no)_proxy$/i.test(name) && env[name]);
  if (set.length === 0) return ok('proxy', 'none');
  const shown = set
    .map((name) => `${name}=${/^no_/i.test(name) ? env[name] : maskProxy(env[name] ?? '')}`)
    .join(', ');
  if (url === undefined) return ok('proxy', shown);
  try {
    const used = proxyFor(url, env) !== undefined;
    return ok('proxy', `${shown} (${used ? '' : 'not '}used for ${url.host})`);
  } catch (error) {
    return failed('proxy', error);
  }
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
    return failure('certificates', `${file} can't be read: ${reasonOf(error)}`, hint);
  }
}

export function checkFolder(): Finding {
  let folder = 'the working folder';
  try {
    folder = process.cwd();
    accessSync(folder, constants.W_OK);
    return ok('folder', `${folder} can be written to`);
  } catch (error) {
    const hint = 'export to a file elsewhere: -o /another/folder/contacts.csv';
    return warning('folder', `${folder} can't be written to: ${reasonOf(error)}`, hint);
  }
}

/** Dates without a zone are of this one. */
export function checkTimeZone(session: Session): Finding {
  try {
    const { zone, source } = session.zoneChoice();
    return ok('zone', `${zone} (by ${source})`);
  } catch (error) {
    return failed('zone', error);
  }
}

const colors = ['no colours', '16 colours', '256 colours', 'true colour'];

export function checkTerminal({ options, context }: Session): Finding {
  const { stdout, env } = context;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  const where =
    stdout.isTTY === true ? `${stdout.columns ?? 80} columns` : 'no terminal: output is piped';
  const parts = [
    where,
    colors[colorLevel(stdout, env, options.color)],
    showsUnicode(env) ? 'unicode' : 'ASCII only',
    locale ? `locale ${locale}` : 'no locale set',
  ];
  return ok('terminal', parts.join(', '));
}
