import { expect, test } from 'vitest';
import { agents, bots, segments } from '../../src/sandbox/account.ts';
import { type Contact, everyPage, idsOf, sandboxWith } from '../support/sandbox.ts';

const now = new Date('2026-11-20T00:00:00Z');
const details = (contact: Contact) => contact.profile?.userDetails;
const segment = segments[3]?._id ?? '';
const agent = agents[2]?._id ?? '';
const website = bots.website[1]?._id ?? '';
const telegram = bots.telegram[0]?._id ?? '';
const facebook = bots.facebook[0]?._id ?? '';
const day = '2026-05-01T00:00:00.000Z';
const later = '2026-08-01T00:00:00.000Z';

const rows: [name: string, fields: object, keeps: (contact: Contact) => boolean][] = [
  [
    'tags',
    { tags: ['vip', 'Durban, North'] },
    (contact) => {
      const tags: string[] = details(contact)?.tags ?? [];
      return tags.includes('vip') || tags.includes('Durban, North');
    },
  ],
  [
    'status',
    { status: ['Follow up', 'REVIEW'] },
    ({ status }) => ['Follow up', 'REVIEW'].includes(status),
  ],
  ['isOnline', { isOnline: true }, ({ isOnline }) => isOnline],
  ['isOnline', { isOnline: false }, ({ isOnline }) => !isOnline],
  ['userInteracted', { userInteracted: true }, ({ userInteracted }) => userInteracted],
  ['userInteracted', { userInteracted: false }, ({ userInteracted }) => !userInteracted],
  ['isLiveChatActive', { isLiveChatActive: true }, ({ isLiveChatActive }) => isLiveChatActive],
  ['lastMessageBy', { lastMessageBy: ['bot'] }, ({ lastMessage }) => lastMessage?.by === 'bot'],
  ['segments', { segments: [segment] }, (contact) => contact.segments.includes(segment)],
  ['_agentAssigned', { _agentAssigned: [agent] }, ({ _agentAssigned }) => _agentAssigned === agent],
  ['_botWebsite', { _botWebsite: [website] }, ({ _botWebsite }) => _botWebsite === website],
  ['_botTelegram', { _botTelegram: [telegram] }, ({ _botTelegram }) => _botTelegram === telegram],
  ['_botFacebook', { _botFacebook: [facebook] }, ({ _botFacebook }) => _botFacebook === facebook],
  [
    '_botWhatsapp',
    { _botWhatsapp: bots.whatsapp.map(({ _id }) => _id) },
    ({ platform }) => [platform].flat()[0] === 'WHATSAPP',
  ],
  [
    'createdAt',
    { createdAt: { startAt: day, endsAt: later } },
    ({ createdAt }) => createdAt >= day && createdAt <= later,
  ],
  ['createdAt', { createdAt: { startAt: '', endsAt: day } }, ({ createdAt }) => createdAt <= day],
  ['createdAt', { createdAt: { startAt: day, endsAt: '' } }, ({ createdAt }) => createdAt >= day],
  [
    'lastSeenAt',
    { lastSeenAt: { startAt: day, endsAt: later } },
    ({ lastSeenAt }) => lastSeenAt >= day && lastSeenAt <= later,
  ],
  [
    'hasOrdered',
    { hasOrdered: { status: true, lastAt: '' } },
    ({ hasOrdered }) => hasOrdered.status,
  ],
  [
    'hasOrdered',
    { hasOrdered: { status: false, lastAt: '' } },
    ({ hasOrdered }) => !hasOrdered.status,
  ],
  [
    'hasOrdered',
    { hasOrdered: { status: true, lastAt: day } },
    ({ hasOrdered }) => hasOrdered.lastAt >= day,
  ],
  ['searchText', { searchText: 'NAIDOO' }, (contact) => /naidoo/i.test(named(contact))],
  ['searchText', { searchText: '@kzn.example' }, (contact) => /@kzn\.example/.test(named(contact))],
];

function named(contact: Contact): string {
  const { name, userProvidedName, contact: ways } = details(contact) ?? {};
  return `${name}\n${userProvidedName}\n${ways?.email}`;
}

test.each(rows)('%s %j keeps what it says, where it is named', async (name, fields, keeps) => {
  const sandbox = await sandboxWith({ contacts: 1200, now, pageSize: 97 });
  const everyone = await everyPage(sandbox);
  const wanted = idsOf(everyone.filter(keeps));
  expect(wanted.length).toBeGreaterThan(0);
  expect(wanted.length).toBeLessThan(1200);
  expect(idsOf(await everyPage(sandbox, { ...fields, applicableFilters: [name] }))).toEqual(wanted);
  expect(await everyPage(sandbox, fields)).toHaveLength(1200);
});

test('filters together keep what passes each', async () => {
  const sandbox = await sandboxWith({ contacts: 1200, now, pageSize: 7 });
  const fields = { status: ['OPEN'], userInteracted: true, lastSeenAt: { startAt: day } };
  const found = await everyPage(sandbox, { ...fields, applicableFilters: Object.keys(fields) });
  const wanted = (await everyPage(sandbox)).filter(
    ({ status, userInteracted, lastSeenAt }) =>
      status === 'OPEN' && userInteracted && lastSeenAt >= day,
  );
  expect(idsOf(found)).toEqual(idsOf(wanted));
});

test.each([
  ['tags', { tags: [] }],
  ['status', { status: [] }],
  ['searchText', { searchText: '' }],
  ['createdAt', { createdAt: { startAt: '', endsAt: '' } }],
  ['_botWebsite', { _botWebsite: [] }],
])('%s that is named but empty filters nothing', async (name, fields) => {
  const sandbox = await sandboxWith({ contacts: 60 });
  expect(await everyPage(sandbox, { ...fields, applicableFilters: [name] })).toHaveLength(60);
});

test('finds a phone however it is written', async () => {
  const sandbox = await sandboxWith({ contacts: 300 });
  const contact = (await everyPage(sandbox)).find(
    ({ profile }) => profile?.userDetails?.contact?.phone?.prefix === '+27',
  );
  const national = contact.profile.userDetails.contact.phone.number.replace(/^0/, '');
  for (const searchText of [`+27 ${national}`, `27${national}`, `0${national}`, national]) {
    const found = await everyPage(sandbox, { searchText, applicableFilters: ['searchText'] });
    expect(idsOf(found)).toEqual([contact._id]);
  }
});
