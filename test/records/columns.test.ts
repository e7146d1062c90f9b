import { describe, expect, test } from 'vitest';
import {
  attributeColumns,
  chooseColumns,
  nameColumns,
  parseColumn,
} from '../../src/records/columns.ts';
import { contactColumns } from '../../src/records/contacts/columns.ts';
import type { Json } from '../../src/table.ts';

const choose = (...items: string[]) => chooseColumns(contactColumns, items, { toFile: true });

function contactOf(record: Json) {
  return { key: 'a', keyless: false, record, json: JSON.stringify(record) };
}

describe('HEADER=COLUMN', () => {
  test.each([
    ['Mobile=phone', 'Mobile', 'phone'],
    [' Mobile = phone ', 'Mobile', 'phone'],
    ['First Name=first_name', 'First Name', 'first_name'],
    ['a\\=b=phone', 'a=b', 'phone'],
    ['x=attr.a\\=b', 'x', 'attr.a=b'],
    ['x=attr.a=b', 'x', 'attr.a=b'],
    ['attr.a\\=b', 'attr.a=b', 'attr.a=b'],
    ['path=.a.b', 'path', '.a.b'],
    ['=cmd=phone', undefined, undefined],
    ['=phone', undefined, undefined],
    ['x=', undefined, undefined],
    ['x=attrs', undefined, undefined],
    ['x=all', undefined, undefined],
    ['x=fone', undefined, undefined],
  ])('%j', (item, name, field) => {
    if (name === undefined) {
      expect(() => choose(item)).toThrow(expect.objectContaining({ exit: 2 }));
    } else {
      expect(choose(item).columns).toMatchObject([{ name, field }]);
    }
  });

  test('a column may come twice, a header may not', () => {
    const names = (...items: string[]) => choose(...items).columns.map(({ name }) => name);
    expect(names('phone', 'Mobile=phone', 'Tel=phone')).toEqual(['phone', 'Mobile', 'Tel']);
    expect(names('Mobile=phone', 'all').slice(-2)).toEqual(['updated_at', 'Mobile']);
    for (const items of [
      ['x=phone', 'x=email'],
      ['phone=email', 'phone'],
      ['phone=email', 'all'],
      ['attr.city=email', 'attrs'],
      ['attr.city=email', 'all'],
    ]) {
      expect(() => choose(...items), String(items)).toThrow(
        expect.objectContaining({ exit: 2, code: 'repeated-column' }),
      );
    }
  });

  test('an attribute that has a header of its own does not come again with attrs', () => {
    const { columns } = choose('City=attr.city', 'attrs');
    const more = attributeColumns(contactColumns, ['city', 'size'], columns);
    expect(more.map(({ name }) => name)).toEqual(['attr.size']);
  });

  test('has no place in a format without headers', () => {
    const possible = ['id', 'name'];
    expect(() => chooseColumns(contactColumns, ['Name=name'], { toFile: true, possible })).toThrow(
      expect.objectContaining({ exit: 2 }),
    );
  });
});

test.each(['attrs', 'all'])('%s is no one column, and is not taken for a misspelt one', (name) => {
  expect(() => parseColumn(contactColumns, name)).toThrow(
    expect.objectContaining({ exit: 2, message: `${name} stands for several columns` }),
  );
});

describe('names in place of ids', () => {
  const contact = contactOf({ segments: ['s1', 's2'], _agentAssigned: 'a1' });
  const { columns } = choose('id', 'Groups=segment_names', 'agent_name');

  test('are asked for only where a column wants them', async () => {
    const never = () => Promise.reject(new Error('asked'));
    expect(await nameColumns(choose('segments', 'agent').columns, never)).toHaveLength(2);
    await expect(nameColumns(columns, never)).rejects.toThrow('asked');
  });

  test('stand where they are known', async () => {
    const named = await nameColumns(columns, async (kinds) => {
      expect(kinds).toEqual(['segment', 'agent']);
      return new Map([['segment', new Map([['s2', 'VIP; Cape']])]] as const);
    });
    expect(named.map(({ name, read }) => [name, read(contact)])).toEqual([
      ['id', null],
      ['Groups', ['s1', 'VIP; Cape']],
      ['agent_name', 'a1'],
    ]);
  });
});
