import type {
  IncomingHttpHeaders,
  IncomingMessage,
  OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A call as it came. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed where there is one. */
  // biome-ignore lint/suspicious/noExplicitAny: read as freely as a test likes
  readonly body: any;
  /** The page that is asked for, 0 where none is. */
  readonly page: number;
}

/** An answer other than the usual one. */
export interface Answer {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly delayMs?: number;
  /** Sends so many bytes at a time, a few milliseconds apart. */
  readonly trickle?: number;
  /** Ends the connection without a word, or after half of the body. */
  readonly destroy?: 'at once' | 'midway';
}

/** Reads a call to its end. */
export async function readCall(request: IncomingMessage): Promise<Call> {
  const { method = '', url = '', headers } = request;
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const body = text === '' ? {} : JSON.parse(text);
  const page = Number(body.page ?? searchParams.get('page') ?? 0);
  return { method, path: pathname, query: searchParams, headers, body, page };
}

/** Answers as the answer says, its faults included. */
export async function sendAnswer(response: ServerResponse, answer: Answer): Promise<void> {
  const { status = 200, headers = {}, body = '', delayMs = 0, trickle, destroy } = answer;
  if (delayMs > 0) await sleep(delayMs);
  if (destroy === 'at once') return void response.socket?.resetAndDestroy();
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'content-length': bytes.length, ...headers });
  if (destroy === 'midway') {
    response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.destroy());
    return;
  }
  for (let at = 0; trickle !== undefined && at < bytes.length; at += trickle) {
    response.write(bytes.subarray(at, at + trickle));
    await sleep(5);
  }
  response.end(trickle === undefined ? bytes : undefined);
}
