import { expect, test } from 'vitest';
import { type Contact, everyPage, sandboxWith } from '../support/sandbox.ts';

test('shows every platform, status, and odd record among the default contacts', async () => {
  const everyone = await everyPage(await sandboxWith());
  const platforms = new Set(everyone.flatMap(({ platform }) => platform));
  expect(platforms.size).toBe(5);
  expect(new Set(everyone.map(({ status }) => status)).size).toBe(7);
  const has = (test: (contact: Contact) => boolean) => expect(everyone.some(test)).toBe(true);
  has(({ profile }) => profile === null);
  has(({ profile }) => profile !== null && profile.userDetails === undefined);
  has(({ lastMessage }) => lastMessage === undefined);
  has(({ platform }) => typeof platform === 'string');
  const details = everyone.flatMap(({ profile }) => profile?.userDetails ?? []);
  expect(details.some(({ contact }) => contact === null)).toBe(true);
  expect(details.some(({ contact }) => contact && !('email' in contact))).toBe(true);
  expect(details.some((one) => !('tags' in one))).toBe(true);
  const text = JSON.stringify(everyone);
  for (const part of [
    '\\u001b[31m',
    '\\u001b]0;',
    '=HYPERLINK',
    '+SUM(',
    '\u202e',
    '"\\nLeading',
    'Longer Longest',
    '\\ud83d"',
    '__proto__',
  ]) {
    expect(text.includes(part), part).toBe(true);
  }
});

test('holds only documented shapes of phone, reserved mail domains and ordered times', async () => {
  const now = new Date('2026-11-20T10:00:00Z');
  const everyone = await everyPage(await sandboxWith({ contacts: 5000, now }));
  for (const contact of everyone) {
    const details = contact.profile?.userDetails;
    const { number = '', prefix = '' } = details?.contact?.phone ?? {};
    expect(number).toMatch(/^(0?[678]\d000\d{4}|0?2079460\d{3}|0?81000\d{4})?$/);
    expect(prefix).toMatch(contact.platform[0] === 'WEBSITE' ? /^(\+\d+)?$/ : /^\d*$/);
    expect(details?.contact?.email ?? '').toMatch(
      /^([a-z]+\.[a-z]+\d{4}@([a-z]+\.)?example\.\w+)?$/,
    );
    const seconds = Number.parseInt(contact._id.slice(0, 8), 16);
    expect(seconds).toBe(Math.floor(Date.parse(contact.createdAt) / 1000));
    expect(contact.createdAt <= contact.lastSeenAt).toBe(true);
    expect(contact.lastSeenAt <= contact.updatedAt).toBe(true);
    expect(contact.createdAt < now.toISOString()).toBe(true);
  }
  expect(Date.parse(everyone.at(-1).createdAt)).toBeLessThan(Date.parse('2023-12-01'));
});

test('leaves no blank of the printed form unfilled', async () => {
  const everyone = await everyPage(await sandboxWith({ contacts: 1500 }), { isContact: false });
  expect(JSON.stringify(everyone)).not.toMatch(/<\w+>/);
});
