import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { interruption } from '../../src/context.ts';
import { askHidden, readAll } from '../../src/terminal/prompt.ts';
import { FakeOutput } from '../support/context.ts';

/** Standard input as a terminal, which knows whether it echoes. */
class FakeTerminal extends PassThrough {
  readonly isTTY = true;
  isRaw = false;

  setRawMode(raw: boolean): this {
    this.isRaw = raw;
    return this;
  }
}

function ask(stdin = new FakeTerminal(), stderr = new FakeOutput(true)) {
  const stop = new AbortController();
  const context = { stdin: stdin as unknown as NodeJS.ReadStream, stderr, signal: stop.signal };
  return { stdin, stderr, stop, context, answer: askHidden('Token: ', context) };
}

test('what is typed is the answer, and never shown', async () => {
  const { stdin, stderr, answer } = ask();
  expect(stdin.isRaw).toBe(true);
  stdin.write('s3cret\r');
  expect(await answer).toBe('s3cret');
  expect(stderr.text).toBe('Token: \n');
  expect(stdin.isRaw).toBe(false);
});

test.each([
  ['Ctrl-C', '\u0003', { exit: 130 }],
  ['Ctrl-D on an empty line', '\u0004', { exit: 2, hint: expect.stringContaining('--with-token') }],
])('%s ends it, and the terminal echoes again', async (_, typed, failure) => {
  const { stdin, answer } = ask();
  stdin.write(typed);
  await expect(answer).rejects.toMatchObject(failure);
  expect(stdin.isRaw).toBe(false);
});

test('a signal ends it with its own reason, and the terminal echoes again', async () => {
  const { stdin, stop, answer } = ask();
  setTimeout(() => stop.abort(interruption(143)), 10);
  await expect(answer).rejects.toMatchObject({ exit: 143 });
  expect(stdin.isRaw).toBe(false);
});

test('a terminal that is gone ends it too', async () => {
  const stdin = new FakeTerminal();
  const stderr = new FakeOutput(true);
  stderr.write = () => {
    throw new Error('gone');
  };
  await expect(ask(stdin, stderr).answer).rejects.toThrow('gone');
  expect(stdin.isRaw).toBe(false);
});

test.each([
  ['UTF-8', Buffer.from('tökén\n')],
  ['UTF-8 with its mark', Buffer.from('\ufefftökén\n')],
  ['UTF-16, as PowerShell pipes it', Buffer.from('\ufefftökén\n', 'utf16le')],
  ['UTF-16 the other way round', Buffer.from('\ufefftökén\n', 'utf16le').swap16()],
])('piped text in %s', async (_, bytes) => {
  const stdin = new PassThrough();
  stdin.write(bytes.subarray(0, 3));
  stdin.end(bytes.subarray(3));
  expect(await readAll(stdin, new AbortController().signal)).toBe('tökén\n');
});

test('a signal ends the wait for a pipe that stays open', async () => {
  const stop = new AbortController();
  const text = readAll(new PassThrough(), stop.signal);
  setTimeout(() => stop.abort(interruption(130)), 10);
  await expect(text).rejects.toMatchObject({ exit: 130 });
});

test('input that cannot be read is a local problem', async () => {
  const stdin = new PassThrough();
  const text = readAll(stdin, new AbortController().signal);
  stdin.destroy(Object.assign(new Error('EISDIR'), { code: 'EISDIR' }));
  await expect(text).rejects.toMatchObject({
    exit: 7,
    message: "standard input can't be read: it is a folder",
  });
});
