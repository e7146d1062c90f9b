import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
/** One run of a job that adds to a file, and that may be killed before any file operation. */
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reekolect-crash-'));
  program = join(folder, 'run.mjs');
  const source = (name: string) => JSON.stringify(join(import.meta.dirname, '../../src', name));
  await writeFile(
    join(folder, 'killer.mjs'),
    `import fs from 'node:fs/promises';
     import { syncBuiltinESMExports } from 'node:module';
     let left = Number(process.argv[4]);
     const counted = (object, name) => {
       const real = object[name];
       object[name] = function (...args) {
         left -= 1;
         if (left === 0) process.kill(process.pid, 'SIGKILL');
         return real.apply(this, args);
       };
     };
     for (const name of ['open', 'rename', 'rm', 'link', 'unlink']) counted(fs, name);
     const handle = await fs.open(process.argv[1]);
     const methods = Object.getPrototypeOf(handle);
     for (const name of ['write', 'writeFile', 'sync', 'datasync', 'truncate']) counted(methods, name);
     await handle.close();
     left = Number(process.argv[4]);
     syncBuiltinESMExports();`,
  );
  await build({
    stdin: {
      contents: `
        import './killer.mjs';
        import { readFile } from 'node:fs/promises';
        import { openAtomicFile, recoverTarget } from ${source('files/atomic-file.ts')};
        import { withLock } from ${source('files/lock.ts')};
        import { openJob } from ${source('state/job.ts')};
        const [folder, place, , count] = process.argv.slice(2);
        const path = folder + '/out.txt';
        const now = new Date('2026-11-02T10:00:00Z');
        const facts = { command: 'contacts export', host: 'h', profile: 'p', token: 't', filters: {}, now };
        await withLock(path + '.lock', path, async (lock) => {
          const target = { path, shown: path, place };
          await recoverTarget(target, lock);
          const job = await openJob({ REEKOLECT_CONFIG_DIR: folder + '/config' }, 'j', facts);
          try {
            const file = await openAtomicFile(target, lock);
            await file.write(await readFile(path).catch(() => ''));
            for (let number = 1; number <= Number(count); number += 1) {
              const created = now.getTime() - 1000 * (100 - number);
              if (!job.isNew('c' + number, created, now.getTime())) continue;
              job.add('c' + number, created);
              await file.write('c' + number + '\\n');
            }
            await job.prepare(now, await file.flush());
            await file.commit();
            await job.commit(now);
          } finally {
            await job.release();
          }
        });`,
      loader: 'js',
      resolveDir: folder,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire('/');",
    },
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs with so many contacts there are; killed before the given operation, 0 for none. */
function run(home: string, place: string, killAt: number, contacts: number) {
  const args = [program, home, place, String(killAt), String(contacts)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise<number | string | null>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
}

for (const place of ['rename', 'copy']) {
  it(`neither loses nor repeats when it is killed before any operation (${place})`, async () => {
    let killed = 0;
    for (let killAt = 1; ; killAt += 1) {
      const home = join(folder, `${place}-${killAt}`);
      await mkdir(home);
      const file = join(home, 'out.txt');
      await writeFile(file, 'old\n');
      const ended = await run(home, place, killAt, 3);
      if (place === 'rename') {
        expect(['old\n', 'old\nc1\nc2\nc3\n']).toContain(await readFile(file, 'utf8'));
      }
      // Now and then what clears up is killed as well.
      if (killAt % 3 === 0) await run(home, place, ((killAt * 7) % 23) + 1, 4);
      expect(await run(home, place, 0, 5)).toBe(0);
      expect(await readFile(file, 'utf8')).toBe('old\nc1\nc2\nc3\nc4\nc5\n');
      expect((await readdir(home)).sort()).toEqual(['config', 'out.txt']);
      expect(await readdir(join(home, 'config/jobs'))).toEqual(['j.json']);
      const record = JSON.parse(await readFile(join(home, 'config/jobs/j.json'), 'utf8'));
      expect(Object.keys(record)).not.toContain('next');
      expect(Object.keys(record)).not.toContain('finished');
      if (ended === 0) break;
      expect(ended).toBe('SIGKILL');
      killed += 1;
    }
    expect(killed).toBeGreaterThan(25);
  }, 600_000);
}
