import { distance } from 'fastest-levenshtein';

/** The known names that a misspelt one may stand for, the nearest first; `createdAt` is near `created_at`. */
export function nearestNames(typed: string, known: readonly string[]): readonly string[] {
  const wanted = bare(typed);
  const ranked = known
    .map((name) => ({ name, far: distance(wanted, bare(name)) }))
    .sort((one, other) => one.far - other.far);
  const most = Math.min(3, Math.floor(wanted.length / 2), (ranked[0]?.far ?? 0) + 1);
  return ranked
    .filter(({ far }) => far <= most)
    .slice(0, 3)
    .map(({ name }) => name);
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
