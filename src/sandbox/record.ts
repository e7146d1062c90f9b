import { agencyId, customerId } from './account.ts';
import { pick } from './lists.ts';
import { hex, type Person } from './people.ts';
import { attributeSets, devices, genders, messages, noteSets, places } from './samples.ts';
import * as traits from './traits.ts';

/** For JSON.stringify, which leaves out what is undefined. */
export function recordOf(person: Person): object {
  const platform = traits.platform(person);
  const bot = traits.bot(person);
  const on = <T>(where: string, value: T) => (platform === where ? value : undefined);
  const drawn = person.draw('device');
  const flags = person.draw('flags');
  const seenAt = traits.seenAt(person);
  const hasOrdered = traits.hasOrdered(person);
  const uuidEnd = String(person.archetype).padStart(12, '0');
  const record = {
    _id: person.id,
    _agency: on('WHATSAPP', agencyId),
    uuid: on('WEBSITE', `${hex(person.share('uuid') * 2 ** 32, 8)}-0a1b-4c2d-8e3f-${uuidEnd}`),
    _botWebsite: on('WEBSITE', bot),
    _botTelegram: on('TELEGRAM', bot),
    _botFacebook: on('FACEBOOK', bot),
    _customer: customerId,
    _user: on('WEBSITE', customerId),
    chatBotType: on('WEBSITE', 'LEAD_GENERATION'),
    isUserBlocked: on('WEBSITE', false),
    platform: [platform],
    secondaryPlatform: on('WHATSAPP', drawn % 4 === 0 ? ['website'] : []),
    isSubscriber: on('WEBSITE', true) ?? on('WHATSAPP', drawn % 8 !== 0),
    websiteVisits: on('WEBSITE', 1 + (drawn % 9)) ?? on('WHATSAPP', 0),
    isOnline: traits.isOnline(person),
    userInteracted: traits.hasInteracted(person),
    _agentAssigned: traits.agent(person) || undefined,
    profile: profileOf(person, platform),
    status: traits.status(person),
    lastMessage: {
      by: traits.lastMessageBy(person),
      at: isoTime(seenAt),
      text: platform === 'WHATSAPP' ? undefined : pick(messages, flags >>> 4),
    },
    isContact: !person.isVisitor,
    isImported: flags % 7 === 0,
    isMigrated: false,
    segments: traits.segmentsOf(person),
    isLiveChatActive: traits.isLiveChatActive(person),
    isPaid: true,
    hasOrdered: {
      status: hasOrdered,
      lastAt: hasOrdered ? isoTime(traits.orderedAt(person)) : undefined,
    },
    unreadMessages: flags % 5 === 0 ? flags % 13 : 0,
    lastSeenAt: isoTime(seenAt),
    unreadMessage: [],
    __v: 0,
    createdAt: isoTime(person.createdAt),
    updatedAt: isoTime(seenAt + (flags % 900)),
  };
  person.hostile?.corrupt?.(record);
  return record;
}

/** The same person as the list of a bot's leads shows them. */
export function leadOf(person: Person): object {
  const lead: Record<string, unknown> = { ...recordOf(person) };
  const left = ['_id', 'uuid', 'createdAt', 'updatedAt', 'lastSeenAt', 'isOnline', 'lastMessage'];
  left.push('profile', 'status', 'websiteVisits', '_agentAssigned');
  return Object.fromEntries(left.map((key) => [key, lead[key]]));
}

function profileOf(person: Person, platform: string): object {
  const drawn = person.draw('device');
  const [city, province, country] = person.pick(places, 'place');
  const name = traits.nameOf(person);
  const email = traits.email(person);
  const { number, prefix, digits } = traits.phone(person);
  const contact = { email, phone: { number, prefix } };
  const attributes = person.pick(attributeSets, 'attributes');
  const labels = { tags: traits.tags(person), attributes };
  if (platform === 'WHATSAPP') {
    const userDetails = {
      contact: drawn % 20 === 0 ? { email, phone: { number: '', prefix: '' } } : contact,
      userProvidedName: name,
      ...labels,
      country: drawn % 3 === 0 ? country : '',
      whatsAppNumber: digits,
    };
    return { userDetails, marketing: { urlsVisited: [] }, notes: person.pick(noteSets, 'notes') };
  }
  if (platform === 'WEBSITE') {
    const userDetails = {
      name,
      picture: '',
      telegramUserName: '',
      facebookProfileId: '',
      city: `${city}, ${province}`,
      country,
      gender: pick(genders, drawn >>> 16),
      contact,
      ...labels,
    };
    const device = { ...pick(devices, drawn >>> 8), ip: `203.0.113.${drawn % 256}` };
    const marketing = { urlsVisited: ['https://shop.example.com/'] };
    return { device, userDetails, marketing, notes: [] };
  }
  // no sample exists of the others: fewer parts, and null among them
  const handle = `example_${drawn % 1_000_000}`;
  const userDetails = {
    name,
    telegramUserName: platform === 'TELEGRAM' ? handle : undefined,
    facebookProfileId: platform === 'FACEBOOK' ? String(drawn) : undefined,
    instagramUserName: platform === 'INSTAGRAM' ? handle : undefined,
    contact: email === '' && number === '' ? null : contact,
    ...labels,
  };
  return { userDetails };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
