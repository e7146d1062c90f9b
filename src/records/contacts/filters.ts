import { usageError } from '../../errors.ts';
import type { Json } from '../../table.ts';
import { parseInstant } from '../dates.ts';

/** The filter flags as they were typed; lists are already split. Views are stored in this form. */
export interface FilterFlags {
  readonly search?: string;
  readonly tag?: readonly string[];
  readonly status?: readonly string[];
  readonly online?: boolean;
  readonly interacted?: boolean;
  readonly liveChat?: boolean;
  readonly ordered?: boolean;
  readonly orderedAfter?: string;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly seenAfter?: string;
  readonly seenBefore?: string;
  readonly segment?: readonly string[];
  readonly agent?: readonly string[];
  readonly botWebsite?: readonly string[];
  readonly botWhatsapp?: readonly string[];
  readonly botTelegram?: readonly string[];
  readonly botFacebook?: readonly string[];
  readonly lastMessageBy?: readonly string[];
  readonly allChats?: boolean;
  /** A JSON object merged over the request's body. */
  readonly body?: { readonly [field: string]: Json };
}

const flagNames = [
  'search',
  'tag',
  'status',
  'online',
  'interacted',
  'liveChat',
  'ordered',
  'orderedAfter',
  'createdAfter',
  'createdBefore',
  'seenAfter',
  'seenBefore',
  'segment',
  'agent',
  'botWebsite',
  'botWhatsapp',
  'botTelegram',
  'botFacebook',
  'lastMessageBy',
  'allChats',
  'body',
] as const satisfies readonly (keyof FilterFlags)[];

/** The filter flags among a command's options, those that were given. */
export function filterFlagsOf(options: FilterFlags): FilterFlags {
  return Object.fromEntries(
    flagNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}

/** From `start` (inclusive) to `end` (exclusive); either may be open. */
export interface Window {
  readonly start?: Date | undefined;
  readonly end?: Date | undefined;
}

/** Something of the service that has an id and a name: a segment, an agent. */
export interface Named {
  readonly id: string;
  readonly name?: string | undefined;
}

/** What the user asked for, dates as instants and names as ids. An absent field does not filter. */
export interface Filter {
  readonly search?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly statuses?: readonly string[] | undefined;
  readonly online?: boolean | undefined;
  readonly interacted?: boolean | undefined;
  readonly liveChat?: boolean | undefined;
  readonly ordered?: boolean | undefined;
  readonly orderedAfter?: Date | undefined;
  readonly created?: Window | undefined;
  readonly seen?: Window | undefined;
  readonly segments?: readonly Named[] | undefined;
  readonly agents?: readonly Named[] | undefined;
  readonly botWebsite?: readonly string[] | undefined;
  readonly botWhatsapp?: readonly string[] | undefined;
  readonly botTelegram?: readonly string[] | undefined;
  readonly botFacebook?: readonly string[] | undefined;
  readonly lastMessageBy?: readonly string[] | undefined;
  readonly allChats?: boolean | undefined;
  readonly body?: { readonly [field: string]: Json } | undefined;
}

export interface Frame {
  /** The IANA zone that bare dates are in; asked for only when a date needs it. */
  readonly zone: () => string;
  readonly now: Date;
  /** Finds what a name of a segment or an agent stands for. */
  readonly find: (kind: 'segment' | 'agent', names: readonly string[]) => Promise<readonly Named[]>;
}

/** Reads the flags. Throws a usage error for the first one that makes no sense. */
export async function readFilter(flags: FilterFlags, { zone, now, find }: Frame): Promise<Filter> {
  const ordered = orderedOf(flags);
  const instant = async (text: string | undefined) =>
    text === undefined ? undefined : parseInstant(text, zone(), now);
  const window = async (name: string, after?: string, before?: string) =>
    checkWindow(name, { start: await instant(after), end: await instant(before) });
  return {
    search: checkText('search', flags.search),
    tags: checkList('tag', flags.tag),
    statuses: checkList('status', flags.status)?.map(readStatus),
    online: flags.online,
    interacted: flags.interacted,
    liveChat: flags.liveChat,
    ordered,
    orderedAfter: await instant(flags.orderedAfter),
    created: await window('created', flags.createdAfter, flags.createdBefore),
    seen: await window('seen', flags.seenAfter, flags.seenBefore),
    botWebsite: checkIds('bot-website', flags.botWebsite),
    botWhatsapp: checkIds('bot-whatsapp', flags.botWhatsapp),
    botTelegram: checkIds('bot-telegram', flags.botTelegram),
    botFacebook: checkIds('bot-facebook', flags.botFacebook),
    lastMessageBy: checkList('last-message-by', flags.lastMessageBy),
    allChats: flags.allChats === true ? true : undefined,
    body: flags.body === undefined ? undefined : checkBody(flags.body),
    // Last, since a name may have to be asked for.
    segments: await named('segment', checkList('segment', flags.segment), find),
    agents: await named('agent', checkList('agent', flags.agent), find),
  };
}

/** An ObjectId: the form of all ids of the service that were ever seen. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{24}$/i.test(text);
}

function orderedOf({ ordered, orderedAfter }: FilterFlags): boolean | undefined {
  if (orderedAfter === undefined) return ordered;
  if (ordered === false) {
    throw usageError('--no-ordered and --ordered-after contradict each other', 'leave one out');
  }
  return true;
}

function checkText(flag: string, text: string | undefined): string | undefined {
  if (text === undefined || text.trim() !== '') return text;
  throw emptyValue(flag);
}

function checkList(flag: string, items: readonly string[] | undefined) {
  if (items === undefined) return undefined;
  if (items.length === 0 || items.some((item) => item.trim() === '')) throw emptyValue(flag);
  return [...new Set(items)];
}

/** An unset variable in a script must not turn into "every contact". */
function emptyValue(flag: string) {
  return usageError(
    `--${flag} is empty`,
    `give it a value, or leave --${flag} out for no such filter`,
  );
}

function checkIds(flag: string, ids: readonly string[] | undefined) {
  const list = checkList(flag, ids);
  const wrong = list?.find((id) => !isId(id));
  if (wrong === undefined) return list;
  throw usageError(
    `--${flag} takes the id of a bot, 24 hexadecimal digits: ${wrong}`,
    'the id stands in the address of the bot in the dashboard',
    'bad-id',
  );
}

/** The documented ones; accounts define more. */
export const knownStatuses = ['OPEN', 'INPROGRESS', 'REVIEW', 'ONHOLD', 'DEPENDANCY', 'CLOSED'];

/** The documented statuses are upper case; an account's own ones are taken as typed. */
function readStatus(text: string): string {
  const upper = text.toUpperCase();
  return knownStatuses.includes(upper) ? upper : text;
}

function checkWindow(name: string, window: Window): Window | undefined {
  const { start, end } = window;
  if (start === undefined && end === undefined) return undefined;
  if (start !== undefined && end !== undefined && start >= end) {
    throw usageError(
      `--${name}-after ${start.toISOString()} is not before --${name}-before ${end.toISOString()}`,
      'no contact can match: swap the two dates',
    );
  }
  return window;
}

function checkBody(body: { readonly [field: string]: Json }) {
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

async function named(
  kind: 'segment' | 'agent',
  wanted: readonly string[] | undefined,
  find: Frame['find'],
): Promise<readonly Named[] | undefined> {
  if (wanted === undefined) return undefined;
  if (wanted.every(isId)) return wanted.map((id) => ({ id }));
  const names = wanted.filter((text) => !isId(text));
  const ids = wanted.filter(isId).map((id) => ({ id }));
  return [...ids, ...(await find(kind, names))];
}
