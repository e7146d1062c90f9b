import { createInterface } from 'node:readline/promises';
import { addAbortSignal, Writable } from 'node:stream';
import { type Context, interruption } from '../context.ts';
import { localError, usageError } from '../errors.ts';
import { reasonOf } from '../reasons.ts';

type Terminal = Pick<Context, 'stdin' | 'stderr' | 'signal'>;

/**
 * Asks on the terminal without showing what is typed. Rejects with an interruption at Ctrl-C, with
 * the signal's reason when it aborts; the terminal echoes again in every case.
 */
export async function askHidden(
  prompt: string,
  { stdin, stderr, signal }: Terminal,
): Promise<string> {
  signal.throwIfAborted();
  // readline echoes to its output: give it one that swallows everything.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: nowhere, terminal: true });
  try {
    stderr.write(prompt);
    return await new Promise<string>((resolve, reject) => {
      reader.once('SIGINT', () => reject(interruption(130)));
      reader.once('close', () => reject(nothingTyped()));
      reader.question('', { signal }).then(resolve, reject);
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    reader.close();
    stderr.write('\n');
  }
}

function nothingTyped() {
  return usageError(
    'no token was given',
    'paste the token and press Enter, or pass it on standard input with --with-token',
  );
}

/** Everything that comes on standard input, as text. Rejects with the signal's reason on abort. */
export async function readAll(stdin: NodeJS.ReadableStream, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const chunks: Uint8Array[] = [];
  try {
    const stream = addAbortSignal(signal, stdin as NodeJS.ReadStream);
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  } catch (error) {
    signal.throwIfAborted();
    const hint = 'pipe the text in, or name a file: < token.txt';
    throw localError('stdin', `standard input can't be read: ${reasonOf(error)}`, hint);
  }
  return decode(Buffer.concat(chunks));
}

/** UTF-8, or UTF-16 as PowerShell pipes it; the mark that says so is no part of the text. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}
