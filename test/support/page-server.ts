import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { everyPage } from './sandbox.ts';

export interface PageServer {
  readonly url: string;
  readonly token: string;
  /** The number of each page that was asked for, in order. */
  readonly asked: number[];
  close(): Promise<void>;
}

/** Contacts of the sandbox, cut into pages that never change. */
export async function samplePages(contacts: number, pageSize: number): Promise<readonly string[]> {
  const now = new Date('2026-11-01T00:00:00Z');
  const sandbox = await startSandbox({ contacts, pageSize: 500, seed: 3, now });
  const records = await everyPage(sandbox);
  await sandbox.close();
  return Array.from({ length: Math.ceil(contacts / pageSize) }, (_, page) =>
    JSON.stringify(records.slice(page * pageSize, (page + 1) * pageSize)),
  );
}

/** Answers every call with a page, and remembers which ones were asked for. */
export async function servePages(pages: readonly string[], latencyMs: number): Promise<PageServer> {
  const asked: number[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { page } = JSON.parse(body) as { page: number };
    asked.push(page);
    await sleep(latencyMs);
    response.end(`{"success":true,"message":"","data":${pages[page - 1] ?? '[]'},"code":200}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'a-token-of-the-tests',
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
