import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { tempFolder } from '../support/cli.ts';
import { type Outcome, runMain } from '../support/context.ts';
import { failFrom, type Service, serve } from '../support/service.ts';

let server: Service;
let folder: string;
let env: { readonly REEKOLECT_CONFIG_DIR: string };
const now = new Date('2026-11-02T12:00:00Z');

beforeEach(async () => {
  server = await serve({ pageSize: 4 });
  folder = await tempFolder();
  env = { REEKOLECT_CONFIG_DIR: await tempFolder() };
});

function exportTo(name: string, ...more: string[]): Promise<Outcome> {
  const words = ['contacts', 'export', '-o', join(folder, name), '--columns', 'id', '--manifest'];
  return runMain([...words, ...more], { service: server, env, now });
}

async function manifestOf(name: string) {
  return JSON.parse(await readFile(join(folder, `${name}.manifest.json`), 'utf8'));
}

async function digestOf(name: string): Promise<string> {
  const bytes = await readFile(join(folder, name));
  return createHash('sha256').update(bytes).digest('hex');
}

/** `count` contacts, a minute apart, the last of them created at noon of the day before. */
function fill(count: number): void {
  const noon = Date.parse('2026-11-01T12:00:00Z');
  for (let number = 1; number <= count; number += 1) {
    const createdAt = new Date(noon - (count - number) * 60_000).toISOString();
    server.insert({ _id: number.toString(16).padStart(24, '0'), createdAt });
  }
}

describe('the manifest', () => {
  for (const name of ['out.csv', 'out.ndjson', 'out.csv.gz']) {
    it(`holds the digest and the rows of ${name} as it is on the disk`, async () => {
      fill(10);
      expect(await exportTo(name)).toMatchObject({ exit: 0 });
      const manifest = await manifestOf(name);
      const bytes = await readFile(join(folder, name));
      const text = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      const lines = text.toString('utf8').trimEnd().split('\n').length;
      expect(manifest).toMatchObject({
        sha256: await digestOf(name),
        bytes: bytes.length,
        rows: name.includes('csv') ? lines - 1 : lines,
        complete: true,
      });
      expect((await stat(join(folder, `${name}.manifest.json`))).mode & 0o777).toBe(0o600);
    });
  }

  it('counts what was received, repeated and left out, and all of it adds up', async () => {
    fill(10);
    // Two contacts come while it is read: those at the page's end come again.
    server.script.before = () => {
      if (server.requests.length !== 2) return;
      for (const id of ['aa', 'bb']) {
        server.insert({ _id: id.padStart(24, '0'), createdAt: '2026-11-01T12:30:00Z' });
      }
    };
    // The service does not apply this: the tool leaves out the two that came.
    const outcome = await exportTo('out.csv', '--created-before', '2026-11-01T12:10:00Z');
    expect(outcome).toMatchObject({ exit: 0 });
    const found = await manifestOf('out.csv');
    expect(found.received).toBe(found.unique + found.duplicates);
    expect(found.rows).toBe(found.unique - found.dropped - found.known);
    expect(found).toMatchObject({ unique: 12, dropped: 2, rows: 10, known: 0, stable: null });
    expect(found.duplicates).toBeGreaterThan(0);
    expect(found.window.created.end).toBe('2026-11-01T12:10:00.000Z');
  });

  it('counts what an earlier run of the job exported as known', async () => {
    fill(5);
    await exportTo('out.csv', '--since-last', 'job');
    server.insert({ _id: 'cc'.padStart(24, '0'), createdAt: '2026-11-01T12:05:00Z' });
    await exportTo('out.csv', '--since-last', 'job');
    const found = await manifestOf('out.csv');
    expect(found).toMatchObject({ unique: 6, known: 5, dropped: 0, rows: 1 });
    expect(found.sinceLast).toBe(now.toISOString());
  });

  it('has the digest of the whole file where rows were added to it', async () => {
    fill(5);
    await exportTo('out.csv', '--append', '--since-last', 'job');
    server.insert({ _id: 'cc'.padStart(24, '0'), createdAt: '2026-11-01T12:05:00Z' });
    await exportTo('out.csv', '--append', '--since-last', 'job');
    const manifest = await manifestOf('out.csv');
    expect(manifest).toMatchObject({ sha256: await digestOf('out.csv'), rows: 1, appended: true });
  });

  it('is stable after --verify over an account that stays as it is', async () => {
    fill(9);
    expect(await exportTo('out.csv', '--verify')).toMatchObject({ exit: 0, stderr: '' });
    expect(await manifestOf('out.csv')).toMatchObject({ stable: true, complete: true, walks: 2 });
  });

  it('does not come with an export that failed, nor replace the one before', async () => {
    fill(9);
    await writeFile(join(folder, 'out.csv.manifest.json'), 'of the old file');
    server.script.answer = failFrom(2);
    expect(await exportTo('out.csv', '--max-attempts', '1')).toMatchObject({ exit: 5 });
    const text = await readFile(join(folder, 'out.csv.manifest.json'), 'utf8');
    expect(text).toBe('of the old file');
  });
});

describe('an account in which old contacts never stop turning up', () => {
  it('is exported with exit 8: the file is written, and the manifest says it is not stable', async () => {
    let fronts = 0;
    // Each look at the front finds one more, which was there all along.
    const restless = await serve({
      pageSize: 1000,
      contacts: ({ page }) => {
        if (page === 1) fronts += 1;
        return page > 1 ? [] : Array.from({ length: fronts }, (_, index) => ({ _id: `${index}` }));
      },
    });
    const file = join(folder, 'out.csv');
    const outcome = await runMain(
      ['contacts', 'export', '-o', file, '--columns', 'id', '--verify', '--manifest'],
      { service: restless, env, now },
    );
    expect(outcome.exit).toBe(8);
    expect(outcome.stderr).toMatch(/after 5 walks contacts that were missed still turn up/);
    expect(outcome.stderr).not.toContain('--resume');
    const rows = (await readFile(file, 'utf8')).trimEnd().split('\n').length - 1;
    // One a walk at least.
    expect(rows).toBeGreaterThanOrEqual(5);
    const digest = await digestOf('out.csv');
    expect(await manifestOf('out.csv')).toMatchObject({
      stable: false,
      complete: false,
      walks: 5,
      rows,
      sha256: digest,
    });
    expect((await readdir(folder)).sort()).toEqual(['out.csv', 'out.csv.manifest.json']);
  });
});
