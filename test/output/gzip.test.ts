import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gzipped } from '../../src/output/gzip.ts';
import { bytesOf } from '../support/small-table.ts';

async function* chunksOf(chunks: readonly string[], ended: { done: boolean }) {
  try {
    yield* chunks;
  } finally {
    ended.done = true;
  }
}

test('what goes in comes back, and the same goes out each time', async () => {
  const chunks = ['name\n', 'é'.repeat(300_000), ''];
  const packed = await bytesOf(gzipped(chunksOf(chunks, { done: false })));
  expect(gunzipSync(packed).toString()).toBe(chunks.join(''));
  expect(packed.equals(await bytesOf(gzipped(chunksOf(chunks, { done: false }))))).toBe(true);
  expect(gunzipSync(await bytesOf(gzipped(chunksOf([], { done: false }))))).toHaveLength(0);
});

test("the source's failure reaches who reads", async () => {
  const source = (async function* () {
    yield 'x'.repeat(100_000);
    throw new Error('refused');
  })();
  await expect(bytesOf(gzipped(source))).rejects.toThrow('refused');
});

test('a reader that stops ends the source at once, and nothing is left open', async () => {
  const before = process.getActiveResourcesInfo().length;
  const ended = { done: false };
  const random = Array.from({ length: 50 }, () => String(Math.random()).repeat(20_000));
  for await (const _ of gzipped(chunksOf(random, ended))) break;
  expect(ended.done).toBe(true);
  expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before);
});

test('the source is not read ahead of who reads', async () => {
  let asked = 0;
  const source = (async function* () {
    for (; asked < 100; asked++) yield String(Math.random()).repeat(50_000);
  })();
  for await (const _ of gzipped(source)) break;
  expect(asked).toBeLessThan(10);
});
