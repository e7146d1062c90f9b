import { nearestNames } from '../nearest.ts';

/** Asks, for a hint, whether a near name was meant; undefined when none is near. */
export function guess(typed: string, known: readonly string[]): string | undefined {
  const near = nearestNames(typed, known);
  return near.length === 0 ? undefined : `did you mean ${near.join(' or ')}?`;
}
