import { describe, expect, test } from 'vitest';
import { contactKey } from '../../src/records/contacts/key.ts';
import { readPage, UnusableAnswer } from '../../src/records/page.ts';
import { runMain } from '../support/context.ts';
import { contactPage } from '../support/page.ts';
import { serve } from '../support/service.ts';

function pageOf(...records: readonly string[]): string {
  return `{"success":true,"message":"","data":[${records.join(',')}],"code":200}`;
}

function texts(page: string): readonly string[] {
  return contactPage(page).records.map(({ json }) => json);
}

function keys(page: string): readonly string[] {
  return contactPage(page).records.map(({ key }) => key);
}

describe('a contact keeps the text that the service sent', () => {
  test.each([
    ['an escaped name', '{"_id":"a","name":"\\u00e9\\"\\\\"}'],
    ['brackets and commas in strings', '{"_id":"a","x":"]},{[\\\\","y":["\\"]"]}'],
    ['a number that would be rounded', '{"_id":"a","facebook":12345678901234567890}'],
    ['a fraction of many digits', '{"_id":"a","score":0.30000000000000004}'],
    ['exponents', '{"_id":"a","x":1e3,"y":-1.5E-10,"z":1e+1234567890123456789}'],
    ['keys in no order, and twice', '{"z":1,"_id":"a","10":1,"9":2,"z":3}'],
    ['keys that mean something to JavaScript', '{"_id":"a","__proto__":{"x":1},"constructor":2}'],
    ['half an emoji', '{"_id":"a","name":"\\ud83d"}'],
    ['strange white space', '{ "_id"\t:\r\n"a" }'],
    ['no record at all', 'null'],
    ['a list', '[1,"]"]'],
    ['text', '"[,"'],
    ['a number', '-1.5'],
  ])('%s', (_what, record) => {
    expect(texts(pageOf('{"_id":"first"}', record, '{"_id":"last"}'))).toEqual([
      '{"_id":"first"}',
      record,
      '{"_id":"last"}',
    ]);
  });

  test('in an answer that is spread over lines', () => {
    const answer = {
      data: [
        { _id: 'a', n: [1, 2] },
        { _id: 'b', n: {} },
      ],
      success: true,
    };
    const page = contactPage(JSON.stringify(answer, null, '\t').replaceAll('\n', '\r\n'));
    expect(page.records.map(({ json }) => JSON.parse(json))).toEqual(answer.data);
    expect(page.records.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  test('whatever stands around the list, and under whatever spelling of its name', () => {
    const page =
      '{"meta":{"data":[{"_id":"no"}],"s":"\\"data\\":["},"d\\u0061ta":[{"_id":"a"}],"n":[]}';
    expect(texts(page)).toEqual(['{"_id":"a"}']);
  });

  test('from the last of several lists, as JSON.parse has it', () => {
    const page = '{"data":[{"_id":"a"},{"_id":"b"}],"success":true,"data":[{"_id":"c"}]}';
    expect(keys(page)).toEqual(['c']);
    expect(texts(page)).toEqual(['{"_id":"c"}']);
  });

  test('after a byte order mark', () => {
    expect(texts(`\ufeff${pageOf('{"_id":"a"}')}`)).toEqual(['{"_id":"a"}']);
  });

  test('in UTF-8, also where the answer is none', () => {
    const text = pageOf('{"_id":"a","name":"J\u00f6rg"}', '{"_id":"b"}');
    const { records } = readPage(Buffer.from(text, 'latin1'), contactKey);
    const expected = ['{"_id":"a","name":"J\ufffdrg"}', '{"_id":"b"}'];
    expect(records.map(({ json }) => json)).toEqual(expected);
    expect(records.map(({ jsonBytes = [] }) => Buffer.from(jsonBytes))).toEqual(
      expected.map((json) => Buffer.from(json)),
    );
  });

  test('nested as deep as anybody likes', () => {
    const deep = `{"_id":"a","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const strange = `{"_id":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(texts(pageOf(deep, strange, '{"_id":"b"}'))).toEqual([deep, strange, '{"_id":"b"}']);
  });

  test('long as it may be', () => {
    const long = `{"_id":"a","n":1234567890123456789,"text":"${'\\n0123456789'.repeat(1e6)}"}`;
    expect(texts(pageOf(long))).toEqual([long]);
  });
});

describe('contacts are told apart', () => {
  test('by their _id, whatever its type', () => {
    expect(keys(pageOf('{"_id":"a"}', '{"_id":7}', '{"_id":{"$oid":"b"}}'))).toEqual([
      'a',
      '\u00017',
      'b',
    ]);
    expect(keys(pageOf('{"_id":12345678901234567890}'))).toEqual(['12345678901234567890']);
  });

  test('without one by all that they are; two alike are two', () => {
    const page = pageOf('{"n":1}', '{"n":2}', '{"n":1}', '{"_id":"","n":1}', '{"_id":null}', '{}');
    expect(new Set(keys(page)).size).toBe(6);
    expect(keys(page)).toEqual(keys(page));
  });

  test('and a record without one that comes again on another page is the same contact', () => {
    const [one] = keys(pageOf('{"n":1}', '{"n":2}'));
    const [, other] = keys(pageOf('{"n":3}', '{"n":1}'));
    expect(one).toBe(other);
  });

  test.each(['null', '{}', '"x"', '7', '[]'])(
    'and %s on another page is another one, beside another record',
    (hollow) => {
      const [, one] = keys(pageOf('{"_id":"a"}', hollow));
      const [other] = keys(pageOf(hollow, '{"_id":"b"}', hollow));
      expect(one).not.toBe(other);
      expect(keys(pageOf('{"_id":"a"}', hollow, '{"_id":"c"}'))[1]).toBe(one);
    },
  );
});

describe('an answer that is no page is refused', () => {
  test.each([
    ['', 'the answer is not JSON'],
    ['<html>', 'the answer is not JSON'],
    [pageOf('{"_id":"a"}').slice(0, -30), 'the answer is not JSON'],
    ['{"success":true,"data":{}}', 'the answer holds no list'],
    ['{"success":true,"data":null}', 'the answer holds no list'],
    ['{"success":true}', 'the answer holds no list'],
    ['[]', 'the answer holds no list'],
    ['null', 'the answer holds no list'],
    ['"data"', 'the answer holds no list'],
    ['{"__proto__":{"data":[]}}', 'the answer holds no list'],
    ['{"success":false,"data":[]}', 'the service reports a failure'],
    ['{"status":"error","data":[]}', 'the service reports a failure'],
    ['{"status":" Failed","data":[]}', 'the service reports a failure'],
    ['{"error":"no database","data":[]}', 'the service reports a failure'],
    ['{"error":{"message":"no database"},"data":[]}', 'the service reports a failure'],
    ['{"success":true,"error":true,"data":[{"_id":"a"}]}', 'the service reports a failure'],
  ])('%j: %s', (text, said) => {
    expect(() => contactPage(text)).toThrow(
      expect.objectContaining({ message: said, constructor: UnusableAnswer }),
    );
  });
});

test.each([
  '{"status":"success","data":[]}',
  '{"status":"OPEN","data":[]}',
  '{"error":null,"data":[]}',
  '{"error":"","data":[]}',
  '{"error":"none","data":[]}',
  '{"error":false,"data":[]}',
  '{"error":{},"data":[]}',
  '{"error":0,"data":[]}',
])('%s is the page that it seems to be', (text) => {
  expect(contactPage(text).records).toEqual([]);
});

describe('what a user sees of such records', () => {
  const long =
    '{"_id":"a","n":12345678901234567890,"f":0.30000000000000004,"list":[1,-9876543210987654321]}';

  test('long numbers keep their digits in cells', async () => {
    const service = await serve({ contacts: [long] });
    const args = ['contacts', 'export', '--columns', '.n,.f,.list'];
    const { exit, stdout } = await runMain(args, { service });
    expect({ exit, stdout }).toEqual({
      exit: 0,
      stdout: '.n,.f,.list\n12345678901234567890,0.30000000000000004,1; -9876543210987654321\n',
    });
  });

  test('and in ndjson they stay the numbers that they are', async () => {
    const service = await serve({ contacts: [long] });
    const { stdout } = await runMain(['contacts', 'export', '--format', 'ndjson'], { service });
    expect(stdout).toBe(`${long}\n`);
  });

  test('__proto__ is an attribute and a path like any other', async () => {
    const attributes = '[{"key":"__proto__","value":"polluted"},{"key":"constructor","value":"c"}]';
    const record = `{"_id":"a","__proto__":{"x":"own"},"profile":{"userDetails":{"attributes":${attributes}}}}`;
    const service = await serve({ contacts: [record, '{"_id":"b"}'] });
    const args = ['contacts', 'export', '--columns'];
    const columns = 'id,attr.__proto__,attr.constructor,.__proto__.x,.toString';
    const { stdout } = await runMain([...args, columns], { service });
    expect(stdout).toBe(`${columns}\na,polluted,c,own,\nb,,,,\n`);
    const json = await runMain([...args, 'attr.__proto__', '--format', 'ndjson'], { service });
    expect(json.stdout).toBe('{"attr.__proto__":"polluted"}\n{"attr.__proto__":null}\n');
    const whole = await runMain(['contacts', 'export', '--format', 'ndjson'], { service });
    expect(whole.stdout).toBe(`${record}\n{"_id":"b"}\n`);
  });

  test('records that are no objects, and two without an _id, are rows all the same', async () => {
    const contacts = ['{"status":"A"}', '{"status":"A"}', 'null', '"text"', '[]', '{"status":"B"}'];
    const service = await serve({ contacts });
    const args = ['contacts', 'export', '--columns', 'id,status', '--no-header'];
    const { exit, stdout, stderr } = await runMain(args, { service });
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: 'warning: 6 contacts have no id, and can be told apart by content alone\n',
    });
    expect(stdout.split('\n').sort()).toEqual(['', ',', ',', ',', ',A', ',A', ',B']);
  });

  test('nesting deeper than the stack stops neither csv nor json', async () => {
    const deep = `{"_id":"a","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const service = await serve({ contacts: [deep, '{"_id":"b","x":1}'] });
    const csv = await runMain(['contacts', 'export', '--columns', 'id,.x'], { service });
    expect(csv).toEqual({ exit: 0, stderr: '', stdout: 'id,.x\na,(nested too deeply)\nb,1\n' });
    const json = await runMain(['contacts', 'export', '--format', 'ndjson'], { service });
    expect(json.stdout.split('\n')[0]).toBe(deep);
    const args = ['contacts', 'export', '--columns', 'id,.x', '--format', 'ndjson'];
    const cells = await runMain(args, { service });
    expect({ exit: cells.exit, stderr: cells.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(cells.stdout).toContain('{"id":"b",".x":1}\n');
  });
});
