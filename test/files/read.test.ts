import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeText } from '../../src/files/decode-text.ts';
import { makeFolder } from '../../src/files/folder.ts';
import { readRegularFile } from '../../src/files/read-file.ts';
import { readOnce } from '../../src/files/read-once.ts';

let folder: string;
let number = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reekolect-read-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function fifo(): string {
  number += 1;
  const path = join(folder, `fifo-${number}`);
  execFileSync('mkfifo', [path]);
  return path;
}

const never = new AbortController().signal;

describe('text', () => {
  const text = 'Zoë 🌍';
  const le = Buffer.from(text, 'utf16le');
  const be = Buffer.from(le).swap16();
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16, little end first', Buffer.concat([Buffer.from([0xff, 0xfe]), le])],
    ['UTF-16, big end first', Buffer.concat([Buffer.from([0xfe, 0xff]), be])],
  ])('is read as %s', (_name, bytes) => {
    expect(decodeText(bytes)).toBe(text);
    // A part of a larger buffer, as reads give it.
    const part = new Uint8Array([1, 2, 3, ...bytes, 4]).subarray(3, 3 + bytes.length);
    expect(decodeText(part)).toBe(text);
  });

  it('that is torn or empty is no failure', () => {
    expect(decodeText(new Uint8Array())).toBe('');
    expect(decodeText(Buffer.from([0xfe, 0xff, 0x00, 0x61, 0x00]))).toBe('a');
    expect(decodeText(Buffer.from([0xff, 0xfe]))).toBe('');
  });
});

describe('a file that may be readable once', () => {
  it('is read when it is a plain file, and when it is empty', async () => {
    const path = join(folder, 'plain');
    for (const text of ['a token\n', '']) {
      await writeFile(path, text);
      expect(String(await readOnce(path, 1000, never))).toBe(text);
    }
  });

  it('is waited for when it is a FIFO', async () => {
    const path = fifo();
    const reading = readOnce(path, 1000, never);
    await sleep(100);
    const writer = await open(path, 'w');
    await writer.write('a to');
    await sleep(50);
    await writer.write('ken\n');
    await writer.close();
    expect(String(await reading)).toBe('a token\n');
  });

  it('ends with its writer, though that wrote nothing', async () => {
    const path = fifo();
    const reading = readOnce(path, 1000, never);
    await sleep(100);
    await (await open(path, 'w')).close();
    expect(String(await reading)).toBe('');
  });

  it('is given up at once when the run is stopped, and holds no process back', async () => {
    const path = fifo();
    const stop = new AbortController();
    const reading = readOnce(path, 1000, stop.signal);
    reading.catch(() => {});
    await sleep(100);
    const began = Date.now();
    stop.abort(new Error('stopped'));
    await expect(reading).rejects.toThrow('stopped');
    expect(Date.now() - began).toBeLessThan(500);
    await expect(readOnce(path, 1000, stop.signal)).rejects.toThrow('stopped');
  });

  it('is not read beyond its limit', async () => {
    await expect(readOnce('/dev/zero', 1000, never)).rejects.toMatchObject({ exit: 7 });
  });

  it.each([
    ['missing', 'ENOENT'],
    ['', 'EISDIR'],
  ])('fails as the system does: %s', async (name, code) => {
    await expect(readOnce(join(folder, name), 1000, never)).rejects.toMatchObject({ code });
  });
});

describe('a regular file', () => {
  it('is read; a FIFO in its place is not waited for', async () => {
    await writeFile(join(folder, 'settings'), 'text');
    expect(String(readRegularFile(join(folder, 'settings')))).toBe('text');
    expect(() => readRegularFile(fifo())).toThrow('is not a regular file');
    expect(() => readRegularFile(join(folder, 'none'))).toThrow('ENOENT');
  });
});

describe('a folder', () => {
  it('is made with those above it, private', async () => {
    const path = join(folder, 'made/of/parts');
    makeFolder(path, 0o700);
    makeFolder(path, 0o700);
    for (const made of [path, join(folder, 'made/of'), join(folder, 'made')]) {
      expect((await stat(made)).mode & 0o777).toBe(0o700);
    }
  });

  it('that is there keeps its mode', async () => {
    const path = join(folder, 'theirs');
    await mkdir(path, { mode: 0o750 });
    makeFolder(path, 0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o750);
  });

  it('that can never be made is refused, not tried for ever', () => {
    for (const path of [
      '/proc/reekolect',
      '/proc/reekolect/deep/down',
      join(folder, 'settings/x'),
    ]) {
      expect(() => makeFolder(path, 0o700)).toThrow(
        expect.objectContaining({ exit: 7, message: expect.stringContaining('reekolect') }),
      );
    }
  });
});

it('standard input can be a token file, whatever it is', async () => {
  const { build } = await import('esbuild');
  const program = join(folder, 'reader.mjs');
  const source = JSON.stringify(join(import.meta.dirname, '../../src/files/read-once.ts'));
  await build({
    stdin: {
      contents: `import { readOnce } from ${source};
        const signal = new AbortController().signal;
        process.stdout.write(await readOnce(process.argv[2], 1000, signal));`,
      loader: 'js',
      resolveDir: folder,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'error',
  });
  const read = (path: string) => {
    const child = spawn(process.execPath, [program, path]);
    child.stdin.end('a token');
    return new Promise<string>((resolve) => {
      let said = '';
      child.stdout.on('data', (chunk) => {
        said += chunk;
      });
      child.once('close', () => resolve(said));
    });
  };
  // What Node gives a child as its standard input is a socket.
  for (const path of ['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']) {
    expect(await read(path)).toBe('a token');
  }
  const shell = `printf 'a token' | ${process.execPath} ${program} /dev/stdin`;
  expect(execFileSync('sh', ['-c', shell], { encoding: 'utf8' })).toBe('a token');
  const substituted = `${process.execPath} ${program} <(sleep 0.1; printf 'a token')`;
  expect(execFileSync('bash', ['-c', substituted], { encoding: 'utf8' })).toBe('a token');
});
