import type { ServerResponse } from 'node:http';
import type { Fault, FaultKind } from './faults.ts';

/** What goes back over the wire. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | number>>;
}

export type Send = (response: ServerResponse) => void;

export function success(data: readonly object[], message = ''): Answer {
  // encoded one by one: in a single text, a few wide letters slow down all others
  const items = data.map((item, index) => (index === 0 ? '' : ',') + JSON.stringify(item));
  const parts = [`{"success":true,"message":"${message}","data":[`, ...items, '],"code":200}'];
  return answer(200, Buffer.concat(parts.map((part) => Buffer.from(part))));
}

export function refusal(status: number, message: string, headers = {}): Answer {
  return answer(status, JSON.stringify({ success: false, message, code: status }), headers);
}

export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}

const insteadOf: Partial<Record<FaultKind, Answer>> = {
  rate: refusal(429, 'Too many requests'),
  500: refusal(500, 'Internal server error'),
  '502-html': webPage(502, '502 Bad Gateway'),
  503: refusal(503, 'Service unavailable'),
  '200-html': webPage(200, 'Sign in to the network'),
  empty: answer(200, ''),
  'not-success': answer(200, '{"success":false,"message":"Something went wrong"}'),
  'no-data': answer(200, '{"success":true,"message":"","code":200}'),
  redirect: answer(302, '', { location: 'http://localhost:9/elsewhere' }),
};

/** How a fault answers instead; undefined when it leaves the answer whole. */
export function corrupting({ kind, value = 1 }: Fault): typeof send | undefined {
  if (kind === 'cut') return sendHalf;
  if (kind === 'reset') return (response) => response.socket?.resetAndDestroy();
  if (kind === 'hang') return () => {};
  const headers = value > 0 ? { 'retry-after': String(value) } : {};
  const instead = kind === '429' ? refusal(429, 'Too many requests', headers) : insteadOf[kind];
  return instead && ((response) => send(response, instead));
}

function answer(status: number, content: string | Buffer, others = {}): Answer {
  const body = typeof content === 'string' ? Buffer.from(content) : content;
  const type = 'application/json; charset=utf-8';
  const headers = { 'content-type': type, 'content-length': body.length, ...others };
  return { status, body, headers };
}

function webPage(status: number, title: string): Answer {
  const head = `<head><title>${title}</title></head>`;
  const body = `<!doctype html>\n<html>${head}<body><h1>${title}</h1></body></html>\n`;
  return answer(status, body, { 'content-type': 'text/html; charset=utf-8' });
}

function sendHalf(response: ServerResponse, { status, headers, body }: Answer): void {
  const half = body.subarray(0, Math.floor(body.length / 2));
  response.writeHead(status, headers).write(half, () => response.socket?.destroy());
}
