import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { type Context, interruption } from '../context.ts';
import { usageError } from '../errors.ts';

/** Asks on the terminal without showing what is typed. Rejects with an interruption at Ctrl-C. */
export async function askHidden(prompt: string, { stdin, stderr }: Context): Promise<string> {
  // readline echoes to its output: give it one that swallows everything.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: nowhere, terminal: true });
  stderr.write(prompt);
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.once('SIGINT', () => reject(interruption(130)));
      reader.once('close', () => reject(usageError('no token was given')));
      reader.question('').then(resolve, reject);
    });
  } finally {
    reader.close();
    stderr.write('\n');
  }
}

/** Everything that comes on standard input. */
export async function readAll(stdin: NodeJS.ReadStream): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString('utf8');
}
