import { nearestNames } from '../suggest.ts';

/** Asks, for a hint, whether a near name was meant; undefined when none is near. */
export function guess(typed: string, known: readonly string[]): string | undefined {
  // The start of a name says more than its spelling: `time` means `timeout`.
  const begun = typed.length < 2 ? [] : known.filter((name) => name.startsWith(typed));
  const near = begun.length > 0 ? begun.slice(0, 3) : nearestNames(typed, known);
  return near.length === 0 ? undefined : `did you mean ${near.join(' or ')}?`;
}
