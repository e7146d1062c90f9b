import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runMain } from '../support/context.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reekolect-append-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function exportTo(file: string, ...flags: string[]) {
  return runMain(['contacts', 'export', '--profile', 'sandbox', '-o', file, ...flags]);
}

for (const name of ['a.csv', 'a.tsv', 'a.ndjson', 'a.csv.gz']) {
  it(`--append adds to ${name} only what has the same columns`, async () => {
    const file = join(folder, name);
    expect(await exportTo(file, '--columns', 'id,status')).toMatchObject({ exit: 0 });
    const before = await readFile(file);
    expect(await exportTo(file, '--columns', 'id,email', '--append')).toMatchObject({ exit: 2 });
    expect((await readFile(file)).equals(before)).toBe(true);
    expect(await exportTo(file, '--columns', 'id,status', '--append')).toMatchObject({ exit: 0 });
    const after = await readFile(file);
    expect(after.subarray(0, before.length).equals(before)).toBe(true);
    expect(after.length).toBeGreaterThan(before.length);
  });
}
