import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { YoungHeap } from '../../src/read/young-heap.ts';
import { openSandbox, runCli, tempFolder } from '../support/cli.ts';

const MB = 1024 * 1024;

/** A V8 whose young heap has these sizes, one after the other, and what was made of it. */
function fakeV8(sizes: readonly number[]) {
  const flags: string[] = [];
  const left = [...sizes];
  const v8 = {
    getHeapSpaceStatistics: () => [
      { ...emptySpace, space_name: 'old_space', space_size: 900 * MB },
      { ...emptySpace, space_name: 'new_space', space_size: left.shift() ?? 0 },
    ],
    setFlagsFromString: (flag: string) => void flags.push(flag),
  };
  return { v8, flags, left };
}

const emptySpace = { space_used_size: 0, space_available_size: 0, physical_space_size: 0 };

/** After so many pages. */
async function look(heap: YoungHeap, pages: number, v8: ReturnType<typeof fakeV8>['v8']) {
  for (let page = 1; page <= pages; page += 1) await heap.look(async () => v8);
}

describe('the young heap', () => {
  it('stops growing at 16 MB, until the walk is over', async () => {
    const { v8, flags, left } = fakeV8([2 * MB, 8 * MB, 16 * MB, 32 * MB]);
    const heap = new YoungHeap();
    await look(heap, 40, v8);
    expect(left).toEqual([32 * MB]);
    expect(flags).toEqual(['--semi-space-growth-factor=1']);
    heap.release();
    expect(flags.slice(1)).toEqual(['--semi-space-growth-factor=2']);
  });

  it('is left alone in a short run, and while it is small', async () => {
    const { v8, flags, left } = fakeV8([32 * MB]);
    const short = new YoungHeap();
    await look(short, 15, v8);
    short.release();
    expect({ flags, left }).toEqual({ flags: [], left: [32 * MB] });
    const small = fakeV8(Array(100).fill(8 * MB));
    const long = new YoungHeap();
    await look(long, 100, small.v8);
    long.release();
    expect(small.flags).toEqual([]);
  });

  it('is small in an export of 20,000, which leaves its cached code as it was', async () => {
    const { env } = await openSandbox({ contacts: 20_000 });
    const told =
      "import{getHeapSpaceStatistics as s}from'node:v8';process.on('exit',()=>process.stderr.write('young '+s().find(x=>x.space_name==='new_space').space_size))";
    const home = await tempFolder();
    const options = {
      env: { ...env, HOME: home, NODE_OPTIONS: `--import "data:text/javascript,${told}"` },
    };
    const cache = join(home, '.cache/reekolect');
    const cached = async () => {
      const [name = ''] = await readdir(cache);
      const { ino, mtimeMs } = await stat(join(cache, name));
      return { name, ino, mtimeMs };
    };
    const args = ['contacts', 'export', '-q', '-o', join(home, 'a.csv')];
    const first = await runCli(args, options);
    expect(first.code).toBe(0);
    expect(Number(/young (\d+)/.exec(first.stderr)?.[1])).toBeLessThanOrEqual(16 * MB);
    const before = await cached();
    expect(before.name).toContain('export');
    expect((await runCli(args, options)).code).toBe(0);
    expect(await cached()).toEqual(before);
  });
});
