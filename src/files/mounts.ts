import { readFileSync } from 'node:fs';

export interface Mount {
  readonly point: string;
  readonly readOnly: boolean;
}

/** What is mounted where, later mounts last; empty where the system does not say. */
export function readMounts(): readonly Mount[] {
  try {
    return parseMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return [];
  }
}

export function parseMounts(text: string): readonly Mount[] {
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => fields.length > 5)
    .map(([, , , , point = '', options = '']) => ({
      point: point.replace(/\\(\d{3})/g, (_, octal) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
      readOnly: options.split(',').includes('ro'),
    }));
}

/** The mount that a path, links followed, lies on. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  const above = mounts.filter(
    ({ point }) => path === point || path.startsWith(point === '/' ? '/' : `${point}/`),
  );
  const longest = Math.max(...above.map(({ point }) => point.length));
  return above.findLast(({ point }) => point.length === longest);
}
