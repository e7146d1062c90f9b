import { type FileHandle, open, rm } from 'node:fs/promises';
import { fileError } from '../errors.ts';
import type { Target } from './target.ts';
import { temporaryName } from './temporary-name.ts';

/** A file without a name, on the target's disk, that nobody else sees; gone when it is closed. */
export interface ScratchFile {
  readonly handle: FileHandle;
  write(chunk: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export async function openScratchFile({ path }: Target): Promise<ScratchFile> {
  const beside = temporaryName(path);
  try {
    const handle = await open(beside, 'wx+', 0o600);
    await rm(beside);
    return {
      handle,
      async write(chunk) {
        const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        try {
          for (let from = 0; from < data.length; ) {
            from += (await handle.write(data, from)).bytesWritten;
          }
        } catch (error) {
          throw fileError(path, error);
        }
      },
      close: () => handle.close(),
    };
  } catch (error) {
    throw fileError(path, error);
  }
}
