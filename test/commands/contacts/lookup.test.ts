import { describe, expect, it, test } from 'vitest';
import { bodyIn } from '../../support/config-folder.ts';
import { runMain } from '../../support/context.ts';
import { idOf, serve } from '../../support/service.ts';

const unsearched = { search: () => true };

function withPhone(number: unknown, prefix: unknown = '') {
  return { contact: { phone: { number, prefix } } };
}

/** The second of three contacts; the others are near it, but not the same. */
async function get(typed: string, userDetails: object, id: string | number = idOf(1)) {
  const near = [
    { name: 'Before', ...withPhone('0821000025', '27'), whatsAppNumber: '278210000159' },
    { name: 'After', ...withPhone('0821000016', '27'), email: 'ann@example.com.au' },
  ];
  const [before, after] = near.map((details, n) => ({
    _id: idOf(50 + n),
    profile: { userDetails: details },
  }));
  const found = { _id: id, profile: { userDetails: { name: 'Ann', ...userDetails } } };
  const service = await serve({ contacts: [before ?? {}, found, after ?? {}], ...unsearched });
  const args = ['contacts', 'get', '--columns', 'name', '--format', 'csv', '--no-header', '--'];
  const { exit, stdout } = await runMain([...args, typed], { service });
  return { exit, stdout };
}

const ann = { exit: 0, stdout: 'Ann\n' };
const nobody = { exit: 9, stdout: '' };

describe('a phone', () => {
  const stored: readonly (readonly [string, object])[] = [
    ['a prefix, and a trunk zero', withPhone('0821000015', '27')],
    ['a prefix with a plus', withPhone('821000015', '+27')],
    ['no prefix', withPhone('+27821000015')],
    ['no prefix and no plus', withPhone('27821000015')],
    ['the prefix twice', withPhone('27821000015', '27')],
    ['spaces and signs', withPhone('(082) 100-0015', '27')],
    ['numbers instead of texts', withPhone(821_000_015, 27)],
    ['one text', { contact: { phone: '+27 82 100 0015' } }],
    ['a WhatsApp number alone', { whatsAppNumber: '27821000015' }],
    ['a WhatsApp number with a plus', { ...withPhone('', ''), whatsAppNumber: '+27821000015' }],
  ];
  const national = ['0821000015', '082.100.0015', '082-100-0015', '(082) 100 0015'];
  const international = [
    '+27821000015',
    '27821000015',
    '0027821000015',
    '+27 (0)82 100 0015',
    '\u202a+27\u00a082\u00a0100\u00a00015\u202c',
    '+27\u201182\u2011100\u20110015',
    '＋２７８２１００００１５',
  ];

  describe.each(stored)('held with %s', (what, details) => {
    it.each(international)('is found typed %j', async (number) => {
      expect(await get(number, details)).toEqual(ann);
    });

    // Without plus and prefix a number may be one of any country.
    const found = what === 'no prefix and no plus' ? nobody : ann;
    it.each(national)('typed as at home: %j', async (number) => {
      expect(await get(number, details)).toEqual(found);
    });

    it.each(['+27821000014', '0821000051', '+44821000015', '82100001'])(
      'is not mistaken for %j',
      async (number) => {
        expect(await get(number, details)).toEqual(nobody);
      },
    );
  });

  it.each([
    ['+27 82 100 0015', '1000015'],
    ['0821000015', '1000015'],
    ['100 15', '10015'],
  ])('typed %j is searched for by its last digits: %s', async (number, searched) => {
    const body = bodyIn(await runMain(['contacts', 'get', number, '--dry-run']));
    expect(body).toMatchObject({ searchText: searched, applicableFilters: ['searchText'] });
  });
});

describe('an e-mail', () => {
  it.each([
    ['as it is', 'ann@example.com', 'ann@example.com'],
    ['in other case', 'ANN@Example.COM', 'ann@example.COM'],
    ['with spaces around it', '  ann@example.com\n', ' ann@example.com '],
    ['with marks that nobody sees', '\u200bann@example.com\ufeff', 'ann@example.com'],
    ['in wide letters', 'ａｎｎ@example.com', 'ann@example.com'],
    ['with a tag', 'ann+shop@example.com', 'ann+shop@example.com'],
    ['with a quote', "o'ann@example.com", "o'ann@example.com"],
    ['beside a name that is none', 'ann@localhost', 'ann@localhost'],
  ])('is found %s', async (_what, typed, email) => {
    expect(await get(typed, { contact: { email } })).toEqual(ann);
    expect(await get(typed, { email })).toEqual(ann);
  });

  it.each(['ann@example.co', 'nn@example.com', 'ann+shop@example.com', 'ann@example.com.'])(
    'is not mistaken for %s',
    async (typed) => {
      expect(await get(typed, { contact: { email: 'ann@example.com' } })).toEqual(nobody);
    },
  );

  it('is searched for as it is typed', async () => {
    const body = bodyIn(await runMain(['contacts', 'get', ' Ann@Example.com', '--dry-run']));
    expect(body).toMatchObject({
      searchText: 'Ann@Example.com',
      applicableFilters: ['searchText'],
      isContact: true,
    });
  });
});

describe('an id', () => {
  const id = '66e07fd940c43d176eaf0b71';

  it.each([id, id.toUpperCase(), ` ${id}\t`, `\u200b${id}`, id.replace('66', '６６')])(
    'is found typed %j',
    async (typed) => {
      expect(await get(typed, {}, id)).toEqual(ann);
      expect(await get(typed, {}, id.toUpperCase())).toEqual(ann);
    },
  );

  it.each([12345, 821_000_015])(
    'that is the number %d is found as it is listed',
    async (number) => {
      expect(await get(String(number), {}, number)).toEqual(ann);
      expect(await get(`${number}0`, {}, number)).toEqual(nobody);
    },
  );

  it('is not mistaken for its neighbour', async () => {
    expect(await get(`${id.slice(0, -1)}0`, {}, id)).toEqual(nobody);
  });

  it('is looked for around the second that it was made in', async () => {
    const body = bodyIn(await runMain(['contacts', 'get', id, '--dry-run']));
    expect(body.applicableFilters).toEqual(['createdAt']);
    const { startAt, endsAt } = body.createdAt;
    const made = Date.parse('2024-09-10T17:20:25.000Z');
    expect(Date.parse(startAt)).toBeLessThan(made);
    expect(Date.parse(endsAt)).toBeGreaterThan(made);
    expect(Date.parse(endsAt) - Date.parse(startAt)).toBeLessThan(600_000);
  });

  it('of digits alone is no phone', async () => {
    const digits = '123456789012345678901234';
    const body = bodyIn(await runMain(['contacts', 'get', digits, '--dry-run']));
    expect(body.searchText).toBe('');
    expect(await get(digits, {}, digits)).toEqual(ann);
  });
});

test.each([
  '1234',
  'Ann',
  'ann@',
  '@example.com',
  'ann @example.com',
  'a@b@c',
  '66e07fd940c43d176eaf0b7',
  '66e07fd940c43d176eaf0b71a',
  '66e07fd940c43d176eaf0b7g',
  '+27 82 CALL ANN',
  '\u200b',
])('%j is none of the three: exit 2, and nothing is asked', async (typed) => {
  const service = await serve(unsearched);
  const { exit, stderr } = await runMain(['contacts', 'get', '--', typed], { service });
  expect({ exit, calls: service.calls }).toEqual({ exit: 2, calls: [] });
  expect(stderr).toMatch(/^error: .+\n.+\n$/);
});
