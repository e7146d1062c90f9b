import { type ExplainedError, usageError } from '../errors.ts';

export type Operator = '=' | '!=' | '~' | '!~' | '<' | '<=' | '>' | '>=';

/** A test as it is written; without an operator it asks whether there is a value. */
export interface WrittenTest {
  readonly text: string;
  readonly column: string;
  readonly operator: Operator | 'has' | 'lacks';
  readonly value: string;
}

/** The operators, each with what it means. */
export const operators: readonly (readonly [form: string, meaning: string])[] = [
  ["'attr.city=Durban'", 'is it, without regard to case; != is not'],
  ["'name~naidoo'", 'contains it; !~ does not'],
  ["'unread>=3'", 'numbers and dates; also <= < >'],
  ["'email'", 'has one'],
  ["'!phone'", 'has none'],
];

/** The first operator splits; after a backslash it is a plain character. */
const split = /^((?:\\[=~<>!]|\\(?![=~<>!])|!(?![=~])|[^=~<>!\\])*)([!<>]=|!~|[=~<>])(.*)$/s;

/** Takes a test apart. Throws a usage error for one that is malformed. */
export function readTest(typed: string): WrittenTest {
  const text = typed.trim();
  const [, left, operator, right = ''] = split.exec(text) ?? [];
  if (left === undefined) {
    const lacks = text.startsWith('!');
    const column = plain(lacks ? text.slice(1) : text);
    if (column === '') throw badTest(typed, 'names no column', testForms);
    return { text, column, operator: lacks ? 'lacks' : 'has', value: '' };
  }
  const column = plain(left);
  const value = plain(right);
  if (column === '') throw badTest(typed, 'names no column', testForms);
  if (left.startsWith('!')) {
    const hint = `write 'COLUMN!=VALUE', or '!COLUMN' for those that have none`;
    throw badTest(typed, 'says ! before a column and an operator after it', hint);
  }
  // An unset variable in a script must not turn into another test.
  if (value === '') {
    const hint = `give it a value; '!${column}' is for those that have none`;
    throw badTest(typed, `has no value after ${operator}`, hint);
  }
  return { text, column, operator: operator as Operator, value };
}

const testForms =
  "a test is 'COLUMN=VALUE', also with != ~ !~ < > <= >=, or 'COLUMN' or '!COLUMN': reekolect help filters";

export function badTest(text: string, why: string, hint = testForms): ExplainedError {
  return usageError(`--where ${text.trim() === '' ? '(empty)' : text} ${why}`, hint, 'bad-test');
}

function plain(part: string): string {
  return part.replace(/\\([=~<>!])/g, '$1').trim();
}
