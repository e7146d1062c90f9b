// Pages of 50 that are answered so many times a second, saved up for one second; 429 for the rest.
// At GET /count it says how many of each it gave.
import http from 'node:http';

const [rate, pages] = process.argv.slice(2).map(Number);
const counts = { answered: 0, refused: 0 };
let tokens = rate;
let filled = Date.now();

function isAllowed() {
  const now = Date.now();
  tokens = Math.min(rate, tokens + ((now - filled) / 1000) * rate);
  filled = now;
  if (tokens < 1) return false;
  tokens -= 1;
  return true;
}

function pageText(page) {
  if (page > pages) return [];
  return Array.from({ length: 50 }, (_, at) => ({
    _id: String(page * 50 + at).padStart(24, '0'),
    createdAt: '2026-01-01T00:00:00.000Z',
  }));
}

const server = http.createServer(async (request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify(counts));
    return;
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  response.setHeader('content-type', 'application/json');
  if (!isAllowed()) {
    counts.refused += 1;
    response.writeHead(429).end('{"success":false,"message":"Too many requests"}');
    return;
  }
  counts.answered += 1;
  response.end(JSON.stringify({ success: true, code: 200, data: pageText(JSON.parse(body).page) }));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`url http://127.0.0.1:${server.address().port} token any-token-will-do\n`);
});
