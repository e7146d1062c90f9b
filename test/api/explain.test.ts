import { describe, expect, it } from 'vitest';
import { explainAnswer, explainSilence } from '../../src/api/explain.ts';
import { firstWords } from '../../src/api/quote.ts';
import { ask, good, say, serveAnswers } from '../support/wire.ts';

/** What an error says of an answer. */
async function said(status: number, body: string): Promise<string> {
  const service = await serveAnswers(say(status, body));
  const { outcome } = await ask(service.url, { maxAttempts: 1 });
  const { message, hint } = outcome as Error & { hint: string };
  return `${message}\n${hint}`;
}

const person = {
  _id: '66e07fd940c43d176eaf0b71',
  name: 'Thandi Naidoo',
  email: 'thandi.naidoo@example.com',
  phone: '+27 82 555 1234',
};
const parts = ['Thandi', 'Naidoo', 'thandi', '82 555', '5551234', '66e07fd9'];

describe('an error holds no record, whatever the service answers', () => {
  const record = JSON.stringify(person);
  for (const [name, body] of [
    ['a page beside a failure', `{"success":false,"message":"no","data":[${record}]}`],
    ['a page that is cut', `{"success":true,"data":[${record},{"_id":`],
    ['a list', `[${record}]`],
    ['a record', record],
    ['a record in a message', JSON.stringify({ message: `invalid: ${record}` })],
    ['an e-mail', JSON.stringify({ message: `${person.email} is known` })],
    ['a phone', JSON.stringify({ message: `${person.phone} and 0825551234 are known` })],
    ['foreign digits', JSON.stringify({ message: '٠٨٢٥٥٥١٢٣٤ is known' })],
    ['a value in quotes', JSON.stringify({ message: `no such name "${person.name}"` })],
    ['a value in other quotes', JSON.stringify({ message: `no such name '${person.name}'` })],
    ['an id', JSON.stringify({ message: `contact ${person._id} is gone` })],
    ['an error with parts', JSON.stringify({ error: { message: 'no', contact: person } })],
    ['unknown keys', JSON.stringify({ [person.email]: 1, owner: person.name })],
    ['a web page', `<html><title>Error</title><p>${person.name} ${person.email}</p></html>`],
    ['text', `no rights for ${person.email}`],
  ] as const) {
    for (const status of [200, 400, 500]) {
      it(`${name}, with HTTP ${status}`, async () => {
        const text = await said(status, body);
        for (const part of parts) expect(text).not.toContain(part);
        expect(text).not.toContain('٠٨٢');
        expect(text).toContain(`HTTP ${status}`);
      });
    }
  }
});

describe('an error quotes structure and the first words', () => {
  for (const [body, quoted] of [
    [
      '{"success":false,"message":"the page is bad","code":422}',
      '{success: false, message: "the page is bad", code: 422}',
    ],
    ['{"error":{"message":"too deep"},"data":[1,2]}', '{error: {message: "too deep"}, data: [2]}'],
    ['{"message":["one","two"]}', '{message: [2]}'],
    ['<html><title>Sign in</title>', 'a web page titled "Sign in"'],
    ['<html>', 'a web page'],
    ['upstream connect error', '"upstream connect error"'],
    ['', 'an empty body'],
    ['[]', 'a list of 0'],
    ['null', 'JSON that is null'],
    ['{"data":[', 'JSON that is cut off or broken, 9 characters'],
  ] as const) {
    it(`${body} as ${quoted}`, async () => {
      expect(await said(422, body)).toContain(`HTTP 422 with ${quoted}`);
    });
  }

  it('of a long message no more than twelve', () => {
    const words = Array.from('abcdefghijklmnopqrst').join(' ');
    expect(firstWords(words, [])).toBe('a b c d e f g h i j k l…');
    expect(firstWords('x'.repeat(1000), [])).toBe(`${'x'.repeat(120)}…`);
    expect(firstWords('\u001b[31m red \u202e\n line', [])).toBe('…');
  });

  it('but no password of an address, and no secret in any spelling', () => {
    expect(firstWords('see https://me:s3cret@host/x', [])).toBe('see https://****@host/x');
    const secret = 'a"b/c+d';
    const text = `${secret} ${encodeURIComponent(secret)} ${JSON.stringify({ secret }).slice(11, -2)}`;
    expect(firstWords(text, [secret])).toBe('(secret) (secret) (secret)');
  });
});

describe('an answer with HTTP 200 that says it failed', () => {
  const data = '"data":[{"_id":"half"}]';
  for (const [body, expected, attempts] of [
    [`{"success":false,${data}}`, { exit: 5 }, 2],
    [`{"success":"false",${data}}`, { exit: 5 }, 2],
    [`{"success":"False",${data}}`, { exit: 5 }, 2],
    [`{"success":0,${data}}`, { exit: 5 }, 2],
    [`{"success":"0",${data}}`, { exit: 5 }, 2],
    [`{"success":null,${data}}`, { exit: 5 }, 2],
    [`{"success":true,${data},"code":500}`, { exit: 5 }, 2],
    [`{${data},"code":"503"}`, { exit: 5 }, 2],
    [`{${data},"statusCode":500}`, { exit: 5 }, 2],
    [`{${data},"statusCode":"502"}`, { exit: 5 }, 2],
    [`{${data},"status":504}`, { exit: 5 }, 2],
    [`{"success":true,"data":[],"code":500}`, { exit: 5 }, 2],
    [`{${data},"code":429}`, { exit: 5, code: 'rate-limited' }, 2],
    [`{"success":false,"code":400}`, { exit: 5 }, 1],
    // A page beside a no contradicts itself, whatever the no is.
    [`{${data},"code":"404"}`, { exit: 5 }, 2],
    [`{${data},"code":401}`, { exit: 4, code: 'token-refused' }, 2],
    ['{"data":[],"code":404}', { exit: 5 }, 1],
    ['{"data":[],"success":"false"}', { exit: 5 }, 2],
    [`{"success":false,"statusCode":"403"}`, { exit: 4, code: 'token-refused' }, 1],
    ['{"success":false,"message":"must be a single String of 12 bytes"}', { exit: 4 }, 1],
  ] as const) {
    it(`${body} is a failure, asked for ${attempts} times`, async () => {
      const service = await serveAnswers(say(200, body));
      const { outcome } = await ask(service.url, { maxAttempts: 2 });
      expect(outcome).toMatchObject(expected);
      expect(service.requests).toHaveLength(attempts);
    });
  }

  for (const body of [
    `{"success":true,${data},"code":200}`,
    `{"success":"true",${data},"code":"200"}`,
    `{"success":1,${data}}`,
    `{${data}}`,
    `{${data},"status":"OPEN","code":""}`,
  ]) {
    it(`${body} is none`, async () => {
      const service = await serveAnswers(say(200, body));
      expect((await ask(service.url)).outcome).toEqual(['half']);
    });
  }

  it('once, is asked again, and half a page is not taken', async () => {
    const service = await serveAnswers(say(200, `{${data},"code":"503"}`), good);
    expect((await ask(service.url)).outcome).toEqual(['one']);
  });
});

it('a token that is refused inside an answer is explained by what the code means', () => {
  const json = { success: false, code: 401 };
  const { message } = explainAnswer({ status: 200, text: JSON.stringify(json), json }, []);
  expect(message).toBe('the service refused the token (HTTP 200, code 401)');
});

it('silence says what was waited for', () => {
  expect(explainSilence('host', 'ETIMEDOUT', 912).message).toBe('host did not answer within 0.9 s');
  expect(explainSilence('host', 'ETIMEDOUT', 20_000).message).toContain('within 20 s');
});
