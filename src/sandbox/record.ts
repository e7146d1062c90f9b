import { agencyId, customerId } from './companions.ts';
import { pick, streams } from './draw.ts';
import { blank, phoneBlank } from './form.ts';
import { lineOf, mailboxOf, nameOf, placeOf } from './identity.ts';
import type { People } from './people.ts';
import { attributeSets, devices, genders, messages, noteSets } from './vocabulary.ts';

/** The record of one kind of people, with blanks for what is a person's own. */
export function recordOf(people: People, kind: number): object {
  const platform = people.platform(kind);
  const flags = people.draw(kind, streams.flags);
  const record = {
    _id: blank('id'),
    ...platformFields(people, kind, platform),
    isOnline: people.isOnline(kind),
    userInteracted: people.hasInteracted(kind),
    ...(people.agent(kind) === '' ? {} : { _agentAssigned: people.agent(kind) }),
    profile: profileOf(people, kind, platform),
    status: people.status(kind),
    lastMessage: {
      by: people.lastMessageBy(kind),
      at: blank('seen'),
      ...(platform === 'WHATSAPP' ? {} : { text: pick(messages, flags >>> 4) }),
    },
    isContact: !people.isVisitor(kind),
    isImported: flags % 7 === 0,
    isMigrated: false,
    segments: people.segments(kind),
    isLiveChatActive: people.isLiveChatActive(kind),
    isPaid: true,
    hasOrdered: people.hasOrdered(kind)
      ? { status: true, lastAt: blank('ordered') }
      : { status: false },
    unreadMessages: flags % 5 === 0 ? flags % 13 : 0,
    lastSeenAt: blank('seen'),
    unreadMessage: [],
    __v: 0,
    createdAt: blank('created'),
    updatedAt: blank('updated'),
  };
  people.oddity(kind)?.spoil?.(record);
  return record;
}

function platformFields(people: People, kind: number, platform: string): object {
  const flags = people.draw(kind, streams.device);
  switch (platform) {
    case 'WHATSAPP':
      return {
        _agency: agencyId,
        _customer: customerId,
        platform: [platform],
        secondaryPlatform: flags % 4 === 0 ? ['website'] : [],
        isSubscriber: flags % 8 !== 0,
        websiteVisits: 0,
      };
    case 'WEBSITE':
      return {
        uuid: `${blank('uuid')}-0a1b-4c2d-8e3f-${String(kind).padStart(12, '0')}`,
        _botWebsite: people.bot(kind),
        _customer: customerId,
        _user: customerId,
        chatBotType: 'LEAD_GENERATION',
        isUserBlocked: false,
        platform: [platform],
        isSubscriber: true,
        websiteVisits: 1 + (flags % 9),
      };
    case 'TELEGRAM':
      return { _botTelegram: people.bot(kind), _customer: customerId, platform: [platform] };
    case 'FACEBOOK':
      return { _botFacebook: people.bot(kind), _customer: customerId, platform: [platform] };
    default:
      return { _customer: customerId, platform: [platform] };
  }
}

function profileOf(people: People, kind: number, platform: string): object {
  const drawn = people.draw(kind, streams.device);
  const { city, province, country } = placeOf(people, kind);
  const name = nameOf(people, kind);
  const contact = contactOf(people, kind);
  const labels = {
    tags: people.tags(kind),
    attributes: pick(attributeSets, people.draw(kind, streams.attributes)),
  };
  if (platform === 'WHATSAPP') {
    const line = lineOf(people, kind);
    const userDetails = {
      contact: drawn % 20 === 0 ? { ...contact, phone: { number: '', prefix: '' } } : contact,
      userProvidedName: name,
      ...labels,
      country: drawn % 3 === 0 ? country : '',
      whatsAppNumber: line === undefined ? '' : line.country + phoneBlank(line),
    };
    const notes = pick(noteSets, people.draw(kind, streams.notes));
    return { userDetails, marketing: { urlsVisited: [] }, notes };
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
  // Telegram, Facebook and Instagram, of which no sample exists: fewer parts, and null among them
  const handle = `example_${drawn % 1_000_000}`;
  const account =
    platform === 'TELEGRAM'
      ? { telegramUserName: handle }
      : platform === 'FACEBOOK'
        ? { facebookProfileId: String(drawn) }
        : { instagramUserName: handle };
  const isEmpty = contact.email === '' && contact.phone.number === '';
  return { userDetails: { name, ...account, contact: isEmpty ? null : contact, ...labels } };
}

function contactOf(people: People, kind: number) {
  const mailbox = mailboxOf(people, kind);
  const line = lineOf(people, kind);
  return {
    email: mailbox === undefined ? '' : mailbox.before + blank('nr') + mailbox.after,
    phone:
      line === undefined
        ? { number: '', prefix: '' }
        : { number: line.trunk + phoneBlank(line), prefix: line.plus + line.country },
  };
}
