import type { Json } from '../../table.ts';
import type { Filter, Window } from './filters.ts';

export type Body = { readonly [field: string]: Json };

// The service's rule for the ends of a window is unknown: ask for more, and cut exactly here.
const marginMs = 1000;

/**
 * The request's body for a filter, without its page: every documented field, and every filter
 * that is set named in `applicableFilters`, since the service ignores those that are not.
 */
export function requestBody(filter: Filter): Body {
  const active: string[] = [];
  const set = <T extends Json>(field: string, value: T | undefined, otherwise: T): T => {
    if (value === undefined) return otherwise;
    active.push(field);
    return value;
  };
  const ids = (named: Filter['segments']) => named?.map(({ id }) => id);
  const body = {
    searchText: set('searchText', filter.search, ''),
    tags: set('tags', filter.tags, []),
    status: set('status', filter.statuses, []),
    isOnline: set('isOnline', filter.online, false),
    _botWebsite: set('_botWebsite', filter.botWebsite, []),
    _botWhatsapp: set('_botWhatsapp', filter.botWhatsapp, []),
    _botTelegram: set('_botTelegram', filter.botTelegram, []),
    _botFacebook: set('_botFacebook', filter.botFacebook, []),
    _agentAssigned: set('_agentAssigned', ids(filter.agents), []),
    segments: set('segments', ids(filter.segments), []),
    applicableFilters: active,
    lastSeenAt: set('lastSeenAt', rangeOf(filter.seen), { startAt: '', endsAt: '' }),
    createdAt: set('createdAt', rangeOf(filter.created), { startAt: '', endsAt: '' }),
    userInteracted: set('userInteracted', filter.interacted, false),
    lastMessageBy: set('lastMessageBy', filter.lastMessageBy, []),
    isLiveChatActive: set('isLiveChatActive', filter.liveChat, false),
    hasOrdered: set('hasOrdered', orderedOf(filter), { status: false, lastAt: '' }),
    isExport: 'none',
    isContact: set('isContact', filter.allChats === true ? false : undefined, true),
  };
  return filter.body === undefined ? body : mergeOver(body, filter.body);
}

/** The window that is asked for: one second wider than what the user wants, on each set side. */
function rangeOf(window: Window | undefined) {
  if (window === undefined) return undefined;
  return { startAt: isoShifted(window.start, -marginMs), endsAt: isoShifted(window.end, marginMs) };
}

function orderedOf({ ordered, orderedAfter }: Filter) {
  if (ordered === undefined) return undefined;
  return { status: ordered, lastAt: isoShifted(orderedAfter, -marginMs) };
}

function isoShifted(date: Date | undefined, ms: number): string {
  return date === undefined ? '' : new Date(date.getTime() + ms).toISOString();
}

/** Own fields win, objects are merged field by field, and no filter loses its name. */
function mergeOver(body: Body, extra: Body): Body {
  const fields = new Set([...Object.keys(body), ...Object.keys(extra)]);
  // fromEntries defines properties, so that a field named __proto__ stays a field.
  return Object.fromEntries(
    [...fields].map((field) => [field, merged(field, own(body, field), own(extra, field))]),
  );
}

function merged(field: string, mine: Json | undefined, theirs: Json | undefined): Json {
  if (theirs === undefined) return mine as Json;
  if (field === 'applicableFilters' && Array.isArray(mine) && Array.isArray(theirs)) {
    return [...new Set([...mine, ...theirs])];
  }
  return isObject(mine) && isObject(theirs) ? mergeOver(mine, theirs) : theirs;
}

function own(body: Body, field: string): Json | undefined {
  return Object.hasOwn(body, field) ? body[field] : undefined;
}

function isObject(value: Json | undefined): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
