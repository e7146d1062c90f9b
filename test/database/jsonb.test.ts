import { expect, test } from 'vitest';
import { jsonbOf } from '../../src/database/jsonb.ts';

const deep = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
const deepObjects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const digits = '1234567890'.repeat(2000);

test.each([
  '{"a":1.5e300,"b":-2E-99,"c":"1e400000"}',
  '{"a":"x1e4000","b":"say, 1e999 and more"}',
  `{"a":"${'7'.repeat(2000)}"}`,
  '{"a":"\\ud83d\\ude00 \\\\u0000"}',
  '["\\ud800\\udc00","\\udbff\\udfff","\\ud7ff\\ue000\\uffff"]',
  deep(400),
  deepObjects(400),
  `{"a":"${'[{'.repeat(600)}"}`,
  `{"a":"\\"${'[{'.repeat(600)}\\\\"}`,
  `[${'{"a":[1]},'.repeat(600)}[]]`,
  `[${'{"a":[1]},'.repeat(600)}"Zo\u00eb \ud83d\ude00"]`,
  `{"a":"${'x'.repeat(20_000_000)}","b":", 1e400"}`,
  `{"a":"${'\\\\\\"'.repeat(4_000_000)}","b":", 1e400"}`,
  'null',
])('stays as it is: %.40s', (json) => {
  const bytes = Buffer.from(json);
  expect(jsonbOf(bytes)).toBe(bytes);
});

test.each([
  '1e400000',
  '{"a":1E+99999}',
  '{"a": -1.5e400000}',
  '[1,-1e99999]',
  `{"a":${'7'.repeat(1001)}}`,
  `[0.${'7'.repeat(1001)}]`,
  '{"a": 1e400000}',
  '[12.75e400000]',
  `{"a":0.${digits}}`,
  `[1,-${digits},2]`,
  '{"a":"\\u0000"}',
  '{"a":"\\ud83d"}',
  '{"a":"\\ude00\\ud83d"}',
  '{"a":"Zo\u00eb \ud83d\ude00","b":"\\ud83d"}',
  `{"a":"${'x'.repeat(20_000_000)}","b":1e400000}`,
  '{"a":"\\ud83d\\ud83d\\ude00"}',
  '{"a":"\\ud83dx\\ude00"}',
  '{"a":"\\ud83d, and\\n"}',
  ...['d800', 'dbff', 'dc00', 'dfff'].map((half) => `{"a":"\\u${half}"}`),
  deep(501),
  deep(20_000),
  deepObjects(20_000),
  `["\\\\",${deep(501)},"\\\\"]`,
  `[${'{"a":[1]},'.repeat(600)}${deep(501)}]`,
])('is kept as a string of its text, since PostgreSQL would refuse it: %.40s', (json) => {
  expect(jsonbOf(Buffer.from(json))).toBe(JSON.stringify(json));
});
