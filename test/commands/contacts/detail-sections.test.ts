import { describe, expect, it } from 'vitest';
import { runMain } from '../../support/context.ts';
import { idOf, serve } from '../../support/service.ts';

const id = idOf(1);
const segment = '65d1000000000000005e6001';
const other = '65d1000000000000005e6002';
const agent = '65e2000000000000000a6e01';

/** The headings of a card and the lines below each. */
async function cardOf(record: object, world: object = {}) {
  const service = await serve({
    contacts: [{ _id: id, ...record }],
    segments: [{ _id: segment, segmentName: 'Leads' }],
    agents: [{ _id: agent, name: 'Nomsa Adams' }],
  });
  const { exit, stdout, stderr } = await runMain(['contacts', 'get', id], { service, ...world });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const sections = new Map<string, string[]>();
  for (const line of stdout.trimEnd().split('\n')) {
    const lines = [...sections.values()].at(-1);
    if (/^\S/.test(line)) sections.set(line, []);
    else if (line !== '') lines?.push(line.trim().replace(/ {2,}/, ': '));
  }
  return { stdout, sections };
}

const whole = {
  uuid: 'u-1',
  _customer: '66e07fd940c43d176eaf0b73',
  platform: ['WHATSAPP'],
  secondaryPlatform: ['website'],
  status: 'OPEN',
  _agentAssigned: agent,
  isOnline: true,
  isLiveChatActive: false,
  userInteracted: true,
  hasOrdered: { status: true, lastAt: '2026-11-02T00:00:00.000Z' },
  unreadMessages: 3,
  createdAt: '2026-11-01T00:00:00.000Z',
  lastSeenAt: '2026-11-03T00:00:00.000Z',
  updatedAt: '2026-11-04T00:00:00.000Z',
  lastMessage: { by: 'user', at: '2026-11-05T00:00:00.000Z', text: 'Hello' },
  segments: [segment, other],
  isPaid: true,
  __v: 0,
  profile: {
    userDetails: {
      name: 'Ann',
      gender: 'female',
      city: 'Durban',
      country: 'South Africa',
      contact: { email: 'ann@example.com', phone: { number: '0821000015', prefix: '27' } },
      whatsAppNumber: '27821000016',
      tags: ['vip', 'hot'],
      attributes: [{ key: 'size', value: 'XL' }],
      picture: 'https://example.com/a.png',
    },
    notes: [{ note: 'Call her', by: 'Sipho' }, 'Twice', '', null],
    device: { ip: '192.0.2.1', browser: 'Firefox' },
  },
};

const expected: readonly (readonly [title: string, lines: readonly string[]])[] = [
  ['Who', ['name: Ann', 'gender: female', 'city: Durban', 'country: South Africa']],
  [
    'Contact',
    [
      'email: ann@example.com',
      'phone: +27821000015',
      'whatsapp: +27821000016',
      'platform: WHATSAPP',
      'also on: website',
    ],
  ],
  [
    'Status',
    [
      'status: OPEN',
      'tags: vip; hot',
      `agent: Nomsa Adams (${agent})`,
      'online: yes',
      'live chat: no',
      'interacted: yes',
      'ordered: yes',
      'last order at: 2026-11-02T00:00:00.000Z',
      'unread: 3',
    ],
  ],
  [
    'Activity',
    [
      'created at: 2026-11-01T00:00:00.000Z',
      'last seen at: 2026-11-03T00:00:00.000Z',
      'updated at: 2026-11-04T00:00:00.000Z',
      'last message at: 2026-11-05T00:00:00.000Z',
      'last message by: user',
      'last message: Hello',
    ],
  ],
  ['Attributes', ['size: XL']],
  ['Notes', ['1.: Call her (by: Sipho)', '2.: Twice']],
  ['Segments', [`Leads: ${segment}`, `segment: ${other}`]],
  ['Ids', [`id: ${id}`, 'uuid: u-1', '._customer: 66e07fd940c43d176eaf0b73']],
  [
    'Other',
    [
      '.isPaid: yes',
      '.profile.userDetails.picture',
      'https://example.com/a.png',
      '.profile.device.browser: Firefox',
    ],
  ],
];

describe('a contact laid out', () => {
  it('has every section, in this order', async () => {
    const { sections } = await cardOf(whole);
    const titles = expected.map(([title]) => title);
    expect([...sections.keys()]).toEqual(titles);
  });

  it.each(expected)('%s', async (title, lines) => {
    const { sections } = await cardOf(whole);
    const position = expected.findIndex(([each]) => each === title);
    expect([...sections.values()][position]).toEqual(lines);
  });

  it('shows no address that nobody asked for, and no counter of the database', async () => {
    const { stdout } = await cardOf(whole);
    expect(stdout).not.toContain('192.0.2.1');
    expect(stdout).not.toContain('__v');
  });

  it('leaves out what holds nothing, whole sections too', async () => {
    const empty = { platform: [], status: ' ', segments: [], lastMessage: { text: '' }, x: {} };
    const { sections } = await cardOf({ ...empty, profile: { notes: [], userDetails: null } });
    expect(Object.fromEntries(sections)).toEqual({ Ids: [`id: ${id}`] });
  });

  it('names no section or agent when the service does not', async () => {
    const service = await serve({
      contacts: [{ _id: id, segments: [segment], _agentAssigned: agent }],
      answer: ({ method }) => (method === 'GET' ? { status: 403, body: '{}' } : undefined),
    });
    const { exit, stdout } = await runMain(['contacts', 'get', id], { service });
    expect(exit).toBe(0);
    expect(stdout).toMatch(new RegExp(`^ {2}agent +${agent}$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^ {2}segment +${segment}$`, 'm'));
  });
});

const texts: readonly (readonly [what: string, text: string])[] = [
  ['a colour', '\u001b[31mred\u001b[0m'],
  ['a title', '\u001b]0;owned\u0007title'],
  ['a C1 code', '\u009b2Jcleared'],
  ['a backwards text', 'a\u202egnp.exe'],
  ['a heading of its own', 'x\n\nStatus\n  status  CLOSED'],
  ['a carriage return', 'paid\rnot paid'],
  ['a line separator', 'one\u2028Ids\u2029  id  0'],
  ['a NUL', 'a\u0000b'],
  ['half a letter', 'half \ud83d'],
  ['markup', '<script>alert(1)</script>'],
];

/** Where strangers' texts stand in a record. */
const places: readonly (readonly [where: string, holding: (text: string) => object])[] = [
  ['the name', (name) => ({ profile: { userDetails: { name } } })],
  ['an e-mail', (email) => ({ profile: { userDetails: { contact: { email } } } })],
  ['a phone', (number) => ({ profile: { userDetails: { contact: { phone: { number } } } } })],
  ['a tag', (tag) => ({ profile: { userDetails: { tags: [tag, 'vip'] } } })],
  ['the status', (status) => ({ status })],
  ['a last message', (text) => ({ lastMessage: { text, by: text, at: text } })],
  [
    'an attribute, key and value',
    (text) => ({ profile: { userDetails: { attributes: [{ key: text, value: text }] } } }),
  ],
  ['a note', (note) => ({ profile: { notes: [{ note, [note]: note }, note] } })],
  ['a segment and an agent', (text) => ({ segments: [text], _agentAssigned: text })],
  ['a time', (time) => ({ createdAt: time, hasOrdered: { lastAt: time } })],
  ['a field that nobody knows', (text) => ({ [text]: text, deep: { [text]: [text] } })],
];

describe.each(places)('hostile text in %s', (_where, holding) => {
  it.each(texts)('%s: shown as text, on a terminal and in a pipe', async (_what, text) => {
    const known = ['Who', 'Contact', 'Status', 'Activity', 'Attributes'];
    const titles = [...known, 'Notes', 'Segments', 'Ids', 'Other'];
    for (const isTTY of [true, false]) {
      const world = { isTTY, columns: 60, env: { NO_COLOR: '1' } };
      const { stdout, sections } = await cardOf(holding(text), world);
      expect(stdout).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/,
      );
      expect([...sections.keys()].filter((title) => !titles.includes(title))).toEqual([]);
      expect([...sections].filter(([, lines]) => lines.length === 0)).toEqual([]);
      expect(stdout.match(/^ {0,2}id {2,}/gm)).toHaveLength(1);
      expect(stdout).not.toMatch(/^ {0,2}status {2,}CLOSED/m);
    }
  });
});

it.each([
  ['profile', [null, 7, 'x', [], [[]], true]],
  ['segments', [null, 7, 'x', {}, [null, 7, {}, []]]],
  ['hasOrdered', [null, true, 'yes', []]],
  ['lastMessage', [null, 'Hello', [], 5]],
  ['platform', [null, 'SMS', {}, [null, {}]]],
  ['createdAt', [null, 0, -1, 1e300, {}, [], true]],
  ['unreadMessages', [null, 'three', {}, -1]],
])('%s of another type stops nothing', async (field, values) => {
  for (const value of values) {
    const { sections } = await cardOf({ [field]: value, status: 'OPEN' });
    expect(sections.get('Status')).toContain('status: OPEN');
    expect(sections.get('Ids')).toContain(`id: ${id}`);
  }
});
