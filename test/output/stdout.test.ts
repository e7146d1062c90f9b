import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { interruption, type Output, ReaderGone } from '../../src/context.ts';
import type { Destination } from '../../src/output/destination.ts';
import { checkStdoutOpen, toStdout } from '../../src/output/stdout.ts';
import { FakeOutput } from '../support/context.ts';

async function deliver(chunks: AsyncIterable<string | Uint8Array>, destination: Destination) {
  try {
    for await (const chunk of chunks) await destination.write(chunk);
    await destination.commit();
  } finally {
    await destination.abandon();
  }
}

/** A pipe whose reader fails with this errno, or never reads at all. */
function pipe(errno?: string): Output {
  return new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => {
      if (errno) done(Object.assign(new Error(errno), { code: errno }));
    },
  }).on('error', () => {}) as unknown as Output;
}

async function* chunks(...texts: (string | Buffer)[]) {
  yield* texts;
}

test.each([
  ['EPIPE', ReaderGone],
  ['ECONNRESET', ReaderGone],
])('%s is the reader that has had enough', async (errno, kind) => {
  const work = deliver(chunks('a', 'b'), toStdout(pipe(errno), false));
  await expect(work).rejects.toBeInstanceOf(kind);
});

test.each([
  ['ENOSPC', "standard output can't be written: the disk is full"],
  ['EIO', "standard output can't be written: the disk or device failed"],
  ['EBADF', 'standard output is closed: nothing can be written to it'],
])('%s is exit 7, also on the last chunk', async (errno, message) => {
  const work = deliver(chunks('a'), toStdout(pipe(errno), false));
  await expect(work).rejects.toMatchObject({ exit: 7, message });
});

test.each([
  ['while it has to wait', ['a', 'b']],
  ['at the end', []],
])('a reader that sleeps does not keep an interrupted run, %s', async (_, texts) => {
  const stop = new AbortController();
  const stdout = pipe();
  stdout.write('held');
  const work = deliver(chunks(...texts), toStdout(stdout, false, stop.signal));
  setTimeout(() => stop.abort(interruption(130)), 10);
  await expect(work).rejects.toMatchObject({ exit: 130 });
});

test('raw text is sanitized on a terminal, our own colours and other streams are not', async () => {
  const raw = 'a\u001b[2J\tb\n';
  const written = async (isTTY: boolean, styled: boolean, chunk: string | Buffer = raw) => {
    const stdout = new FakeOutput(isTTY);
    await deliver(chunks(chunk), toStdout(stdout, styled));
    return stdout.text;
  };
  expect(await written(true, false)).toBe('a\tb\n');
  expect(await written(true, false, Buffer.from(raw))).toBe('a\tb\n');
  expect(await written(true, true)).toBe(raw);
  expect(await written(false, false)).toBe(raw);
});

test('a file behind standard output gets every byte, from where it stands', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reekolect-'));
  const file = join(folder, 'out');
  const fd = openSync(file, 'a');
  writeSync(fd, 'before\n');
  const stdout = Object.assign(new FakeOutput(), { fd });
  await deliver(chunks('é'.repeat(100_000), 'end'), toStdout(stdout, false));
  closeSync(fd);
  expect(readFileSync(file, 'utf8')).toBe(`before\n${'é'.repeat(100_000)}end`);
  expect(stdout.text).toBe('');
  rmSync(folder, { recursive: true });
});

test('a descriptor that is closed is told', () => {
  const stdout = Object.assign(new FakeOutput(), { fd: 9999 });
  expect(() => toStdout(stdout, false)).toThrow('standard output is closed');
});

test('one that the run was started without is told', () => {
  const closed = Object.assign(new FakeOutput(), { wasClosed: true });
  expect(() => checkStdoutOpen(closed)).toThrow('standard output is closed');
  checkStdoutOpen(new FakeOutput());
});
