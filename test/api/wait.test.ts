import { expect, it } from 'vitest';
import { wait } from '../../src/api/wait.ts';

it('a wait of years ends neither at once nor never: by its signal, with its reason', async () => {
  const stop = new AbortController();
  const why = new Error('Ctrl-C');
  setTimeout(() => stop.abort(why), 50);
  const began = performance.now();
  await expect(wait(1e12, stop.signal)).rejects.toBe(why);
  expect(performance.now() - began).toBeGreaterThan(45);
});

it('a signal that was aborted before ends it at once', async () => {
  const why = new Error('before');
  await expect(wait(1000, AbortSignal.abort(why))).rejects.toBe(why);
});
