import { distance } from 'fastest-levenshtein';

/** The known names that a misspelt one may stand for, the nearest first; `createdAt` is near `created_at`. */
export function nearest(typed: string, known: readonly string[]): readonly string[] {
  const wanted = bare(typed);
  const ranked = known
    .map((name) => ({ name, far: howFar(wanted, bare(name)) }))
    .sort((one, other) => one.far - other.far);
  // A third of the letters at most: what is further off shares too little with what was typed.
  const most = Math.min(3, Math.max(1, Math.floor(wanted.length / 3)), (ranked[0]?.far ?? 0) + 1);
  return ranked
    .filter(({ far }) => far <= most)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** In letters to mend; two neighbours that changed places are one mistake. */
function howFar(typed: string, known: string): number {
  const swaps = Array.from(
    { length: Math.max(0, typed.length - 1) },
    (_, at) => typed.slice(0, at) + typed[at + 1] + typed[at] + typed.slice(at + 2),
  );
  return Math.min(distance(typed, known), ...swaps.map((swapped) => 1 + distance(swapped, known)));
}

/** Asks, for a hint, whether a near name was meant; undefined when none is near. */
export function didYouMean(typed: string, known: readonly string[]): string | undefined {
  // The start of a name says more than its spelling: `time` means `timeout`.
  const begun = typed.length < 2 ? [] : known.filter((name) => name.startsWith(typed));
  const near = begun.length > 0 ? begun.slice(0, 3) : nearest(typed, known);
  return near.length === 0 ? undefined : `did you mean ${near.join(' or ')}?`;
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
