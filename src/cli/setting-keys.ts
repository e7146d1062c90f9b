import type { Command } from 'commander';
import { usageError } from '../errors.ts';
import type { Session } from '../session.ts';
import { didYouMean } from '../suggest.ts';
import { storedKeys } from './stored-defaults.ts';
import { type OwnedOption, storedOptionsUnder } from './stored-option.ts';

/** A key of the settings, and the flags that it stands for. */
export interface Key {
  readonly name: string;
  /** One for each command that has the flag; never empty. */
  readonly options: readonly OwnedOption[];
}

/** All keys: those that hold for every command, and those for one command alone. */
export function keysOf(program: Command): ReadonlyMap<string, Key> {
  const keys = new Map<string, OwnedOption[]>();
  for (const owned of storedOptionsUnder(program)) {
    for (const name of storedKeys(owned.owner, owned.option)) {
      keys.set(name, [...(keys.get(name) ?? []), owned]);
    }
  }
  return new Map([...keys].map(([name, options]) => [name, { name, options }]));
}

/** True for a key that holds for one command alone, such as `contacts.export.format`. */
export function isForOne(name: string): boolean {
  return name.includes('.');
}

/** The key of that name. Throws a usage error, with the near names, where there is none. */
export function findKey(program: Command, name: string): Key {
  const keys = keysOf(program);
  const key = keys.get(name.replace(/^--/, ''));
  if (key !== undefined) return key;
  if (/token/i.test(name)) {
    throw usageError('the token is no setting', 'store it with: reekolect auth login');
  }
  const all = [...keys.keys()].filter((known) => !isForOne(known));
  throw usageError(
    `there is no setting called "${name}"`,
    didYouMean(name, [...keys.keys()]) ?? `the settings are ${all.join(', ')}`,
    'unknown-setting',
  );
}

/** Says that a default is everybody's, to whom it may seem to be a profile's. */
export function warnOfScope(key: string, { log, options, profile }: Session): void {
  if (options.profile === undefined || key === 'api-url') return;
  log.warn(`${key} is the same for every profile, not for ${profile} alone`);
}
