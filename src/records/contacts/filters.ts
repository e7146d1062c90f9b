import { usageError } from '../../errors.ts';
import { didYouMean } from '../../suggest.ts';
import type { FilterOptions, JsonObject } from '../filter-field.ts';
import {
  dateField,
  idsField,
  jsonField,
  listField,
  namesField,
  testsField,
  textField,
  yesNoField,
} from '../filter-kinds.ts';
import {
  anyOf,
  before,
  inSegments,
  isTrue,
  lastMessageBy,
  marginMs,
  notBefore,
  statusOf,
  tagsOf,
} from './filter-checks.ts';

/** The documented ones; accounts define more. */
export const knownStatuses = ['OPEN', 'INPROGRESS', 'REVIEW', 'ONHOLD', 'DEPENDANCY', 'CLOSED'];

const created = ['createdAt'];
const seen = ['lastSeenAt'];
const ordered = ['hasOrdered', 'status'];

/** Every filter of contacts, a row each: to add one, add a row. */
export const contactFilters = {
  search: textField('--search <text>', 'name, e-mail or phone contains this', {
    body: (searchText) => ({ searchText }),
  }),
  tag: listField('--tag <name,...>', 'has this tag', {
    body: (tags) => ({ tags }),
    check: (tags) => anyOf(tags, tagsOf),
    doubt: () => 'the tags there are: reekolect contacts stats --by tag',
  }),
  status: listField(
    '--status <s,...>',
    knownStatuses.join(', '),
    {
      completion: knownStatuses,
      body: (status) => ({ status }),
      check: (statuses) => anyOf(statuses, statusOf),
      doubt: doubtStatus,
    },
    readStatus,
  ),
  online: yesNoField('--online', 'is online', no('online', 'is not online'), {
    body: (isOnline) => ({ isOnline }),
    check: (yes) => isTrue(yes, ['isOnline']),
  }),
  interacted: yesNoField(
    '--interacted',
    'has written to a bot',
    no('interacted', 'has not written'),
    {
      body: (userInteracted) => ({ userInteracted }),
      check: (yes) => isTrue(yes, ['userInteracted']),
    },
  ),
  liveChat: yesNoField('--live-chat', 'is in a live chat', no('live-chat', 'is in no live chat'), {
    body: (isLiveChatActive) => ({ isLiveChatActive }),
    check: (yes) => isTrue(yes, ['isLiveChatActive']),
  }),
  ordered: yesNoField('--ordered', 'has ordered', no('ordered', 'has not ordered'), {
    body: (status) => ({ hasOrdered: { status } }),
    check: (yes) => isTrue(yes, ordered),
    overruledBy: (typed) => typed['orderedAfter'] !== undefined,
  }),
  orderedAfter: dateField(
    '--ordered-after <date>',
    'has ordered since; implies --ordered',
    undefined,
    {
      body: (date) => ({ hasOrdered: { status: true, lastAt: shifted(date, -marginMs) } }),
      check: (date) => {
        const hasOrdered = isTrue(true, ordered);
        const late = notBefore(date, ['hasOrdered', 'lastAt']);
        return (record) => late(record) ?? hasOrdered(record);
      },
      overruledBy: (typed) => typed['ordered'] === false,
    },
  ),
  createdAfter: dateField(
    '--created-after <date>',
    'created at or after',
    { of: 'created', edge: 'start' },
    {
      body: (date) => ({ createdAt: { startAt: shifted(date, -marginMs) } }),
      check: (date) => notBefore(date, created),
    },
  ),
  createdBefore: dateField(
    '--created-before <date>',
    'created before',
    { of: 'created', edge: 'end' },
    {
      body: (date) => ({ createdAt: { endsAt: shifted(date, marginMs) } }),
      check: (date) => before(date, created),
    },
  ),
  seenAfter: dateField(
    '--seen-after <date>',
    'last seen at or after',
    { of: 'seen', edge: 'start' },
    {
      body: (date) => ({ lastSeenAt: { startAt: shifted(date, -marginMs) } }),
      check: (date) => notBefore(date, seen),
    },
  ),
  seenBefore: dateField(
    '--seen-before <date>',
    'last seen before',
    { of: 'seen', edge: 'end' },
    {
      body: (date) => ({ lastSeenAt: { endsAt: shifted(date, marginMs) } }),
      check: (date) => before(date, seen),
    },
  ),
  segment: namesField('--segment <name,...>', 'is in this segment, by name or id', 'segment', {
    body: (segments) => ({ segments: segments.map(({ id }) => id) }),
    check: inSegments,
  }),
  agent: namesField('--agent <name,...>', 'is assigned to this agent, by name or id', 'agent', {
    body: (agents) => ({ _agentAssigned: agents.map(({ id }) => id) }),
  }),
  botWebsite: idsField('--bot-website <id,...>', 'came by this bot', {
    body: (_botWebsite) => ({ _botWebsite }),
  }),
  botWhatsapp: idsField('--bot-whatsapp <id,...>', 'came by this bot', {
    body: (_botWhatsapp) => ({ _botWhatsapp }),
  }),
  botTelegram: idsField('--bot-telegram <id,...>', 'came by this bot', {
    body: (_botTelegram) => ({ _botTelegram }),
  }),
  botFacebook: idsField('--bot-facebook <id,...>', 'came by this bot', {
    body: (_botFacebook) => ({ _botFacebook }),
  }),
  lastMessageBy: listField(
    '--last-message-by <who>',
    'the last message is by: user, bot, an agent',
    {
      completion: ['user', 'bot'],
      body: (who) => ({ lastMessageBy: who }),
      check: lastMessageBy,
    },
  ),
  allChats: yesNoField(
    '--all-chats',
    'visitors too',
    { flag: '--contacts-only', help: 'without visitors: the default' },
    { body: (all): JsonObject => (all ? { isContact: false } : {}) },
  ),
  body: jsonField(
    '--body <json|@file>',
    'merge this object over the request; @- reads stdin',
    checkBody,
  ),
  where: testsField('--where <test>', "any column, repeatable: 'attr.city=Durban', '!phone'"),
} as const;

export type ContactFilterOptions = FilterOptions<typeof contactFilters>;

/** Throws a usage error for filters that no contact can meet together. */
export function checkContactFilters({ ordered, orderedAfter }: ContactFilterOptions): void {
  if (ordered !== false || orderedAfter === undefined) return;
  throw usageError('--no-ordered and --ordered-after contradict each other', 'leave one out');
}

function no(name: string, help: string) {
  return { flag: `--no-${name}`, help };
}

/** An account may have statuses of its own: they are doubted only where nothing matches. */
function doubtStatus(statuses: readonly string[]): string | undefined {
  const own = statuses.filter((status) => !knownStatuses.includes(status));
  if (own.length === 0) return undefined;
  const guesses = own.flatMap((status) => {
    const guess = didYouMean(status.toUpperCase(), knownStatuses);
    return guess === undefined ? [] : [`--status ${status}: ${guess}`];
  });
  const all = 'the statuses there are: reekolect contacts stats --by status';
  return guesses.length > 0 ? guesses.join('; ') : all;
}

/** The documented statuses are upper case; an account's own ones are taken as typed. */
function readStatus(text: string): string {
  const upper = text.toUpperCase();
  return knownStatuses.includes(upper) ? upper : text;
}

function shifted(date: Date, ms: number): string {
  return new Date(date.getTime() + ms).toISOString();
}

function checkBody(body: JsonObject): JsonObject {
  if (Object.hasOwn(body, 'page')) {
    throw usageError('--body must not set page', 'the tool reads all pages itself; see --limit');
  }
  if (Object.hasOwn(body, 'isExport') && body['isExport'] !== 'none') {
    throw usageError(
      '--body must not set isExport to anything but "none"',
      'other values may start a job on the service, and this tool only reads',
    );
  }
  return body;
}
