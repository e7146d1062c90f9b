// A watch of days in one process, against the sandbox, in simulated time: prints, as JSON, what
// memory it holds after some looks and at the end. Arguments: looks, and `wire` for real requests.
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { contacts } from '../../src/records/contacts/resource.ts';
import { Ordering } from '../../src/sandbox/ordering.ts';
import { People } from '../../src/sandbox/people.ts';
import { Service } from '../../src/sandbox/service.ts';
import { Session } from '../../src/session.ts';
import { planWatch } from '../../src/watch/plan.ts';
import { runWatch } from '../../src/watch/run.ts';

const [looks, way] = [Number(process.argv[2]), process.argv[3]];
const everyMs = 10_000;
const looksBetweenArrivals = 100;
const token = 'a-token-of-the-bench';
const start = Date.parse('2026-11-20T10:00:00Z');

const ordering = new Ordering(new People(1, 240, new Date(start)), 50);
const service = new Service(ordering, { token, botToken: token }, []);

const came = [];
const shown = [];
const memory = [];
let now = start;
let looked = 0;

/** Somebody who was made this moment; nobody asks any more for those of long ago. */
function arrive() {
  const number = -Math.round((now - start) / 1000);
  ordering.front.push(number);
  if (ordering.front.length > 100) ordering.front.splice(0, 50);
  came.push(ordering.people.person(number).id);
}

const output = { once() {}, off() {} };
const context = {
  args: [],
  stdin: process.stdin,
  stdout: {
    ...output,
    write(text, done) {
      if (text !== '') shown.push(JSON.parse(text)._id);
      if (done) queueMicrotask(done);
      return true;
    },
  },
  stderr: { ...output, write: (text) => process.stderr.write(text) },
  env: { REEKOLECT_CONFIG_DIR: process.env.REEKOLECT_CONFIG_DIR, REEKOLECT_TOKEN: token },
  signal: new AbortController().signal,
  now: () => new Date(now),
  async wait(ms) {
    now += ms;
    if (ms < everyMs / 2) return;
    looked += 1;
    // The last look is for those that came before it.
    if (looked % looksBetweenArrivals === 0 && looked < looks) arrive();
    if (looked !== Math.min(1000, looks / 10) && looked !== looks) return;
    globalThis.gc();
    const { rss, heapUsed } = process.memoryUsage();
    memory.push({ rss: rss / 1e6, heap: heapUsed / 1e6 });
  },
};

/** Asks the sandbox's service without a wire, which would take most of the time. */
class DirectSession extends Session {
  async connect() {
    const headers = { authorization: `Bearer ${token}`, authtype: 'Key' };
    const client = {
      requests: 0,
      skewMs: 0,
      async ask({ method, path, body }, decode) {
        client.requests += 1;
        const bytes = await new Promise((resolve) => {
          const response = { writeHead: () => ({ end: resolve }) };
          service.reply({ method, url: `/${path}`, headers }, body)(response);
        });
        return decode(bytes);
      },
    };
    return { client, throttle: { width: 1 } };
  }
}

const server = createServer(async (request, response) => {
  service.reply(request, (await buffer(request)).toString())(response);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
context.env.REEKOLECT_API_URL = `http://127.0.0.1:${server.address().port}`;

const options = { timeout: 30, maxAttempts: 5, concurrency: 1, errors: 'text' };
const session = new (way === 'wire' ? Session : DirectSession)(context, options);
const plan = { every: everyMs, for: looks * everyMs, once: false, trustServer: false };
await runWatch(await planWatch(contacts, {}, plan, session), session);
await session.close();
server.close();
if (shown.join() !== came.join()) throw new Error(`${came.length} came, not as shown`);
process.stdout.write(JSON.stringify({ arrivals: came.length, memory }));
