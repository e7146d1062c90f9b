import type { ServerResponse } from 'node:http';
import { type Answer, refusal, webPage } from './answers.ts';
import type { Fault } from './faults.ts';

export type Send = (response: ServerResponse, answer: Answer) => void;

export function send(response: ServerResponse, answer: Answer): void {
  const body = bytesOf(answer);
  response.writeHead(answer.status, headersOf(answer, body));
  response.end(body);
}

/** The way a fault answers instead; undefined when it lets the answer through. */
export function spoilt({ kind, value }: Fault): Send | undefined {
  switch (kind) {
    case '429':
      return always(tooMany(value ?? 1));
    case 'rate':
      return always(tooMany(0));
    case '500':
      return always(refusal(500, 'Internal server error'));
    case '502-html':
      return always(webPage(502, '502 Bad Gateway'));
    case '503':
      return always(refusal(503, 'Service unavailable'));
    case '200-html':
      return always(webPage(200, 'Sign in to the network'));
    case 'empty':
      return always({ status: 200, body: '' });
    case 'not-success':
      return always({ status: 200, body: '{"success":false,"message":"Something went wrong"}' });
    case 'no-data':
      return always({ status: 200, body: '{"success":true,"message":"","code":200}' });
    case 'redirect':
      return always({
        status: 302,
        body: '',
        headers: { location: 'http://localhost:9/elsewhere' },
      });
    case 'cut':
      return sendHalf;
    case 'reset':
      return (response) => response.socket?.resetAndDestroy();
    case 'hang':
      return () => {};
    default:
      return undefined;
  }
}

function always(answer: Answer): Send {
  return (response) => send(response, answer);
}

function tooMany(seconds: number): Answer {
  const answer = refusal(429, 'Too many requests');
  return seconds > 0 ? { ...answer, headers: { 'retry-after': String(seconds) } } : answer;
}

function sendHalf(response: ServerResponse, answer: Answer): void {
  const body = bytesOf(answer);
  response.writeHead(answer.status, headersOf(answer, body));
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
}

function bytesOf({ body }: Answer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body;
}

function headersOf(answer: Answer, body: Buffer): Record<string, string | number> {
  return {
    'content-type': answer.type ?? 'application/json; charset=utf-8',
    'content-length': body.length,
    ...answer.headers,
  };
}
