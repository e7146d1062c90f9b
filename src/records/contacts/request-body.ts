import type { Json } from '../../table.ts';
import type { Filter, JsonObject } from '../filter-field.ts';

/** Every documented field with the value that does not filter, in the documented order. */
const unfiltered: JsonObject = {
  searchText: '',
  tags: [],
  status: [],
  isOnline: false,
  _botWebsite: [],
  _botWhatsapp: [],
  _botTelegram: [],
  _botFacebook: [],
  _agentAssigned: [],
  segments: [],
  applicableFilters: [],
  lastSeenAt: { startAt: '', endsAt: '' },
  createdAt: { startAt: '', endsAt: '' },
  userInteracted: false,
  lastMessageBy: [],
  isLiveChatActive: false,
  hasOrdered: { status: false, lastAt: '' },
  isExport: 'none',
  isContact: true,
};

/**
 * The request's body for a filter, without its page: every documented field, and every filter
 * that is set named in `applicableFilters`, since the service ignores those that are not.
 */
export function requestBody(filter: Filter): JsonObject {
  const own = filter.filter(({ kind }) => kind !== 'json').map(({ body }) => body);
  const raw = filter.filter(({ kind }) => kind === 'json').map(({ body }) => body);
  const applicableFilters = Object.keys(unfiltered).filter((field) =>
    own.some((body) => Object.hasOwn(body, field)),
  );
  return [...own, { applicableFilters }, ...raw].reduce(mergedOver, unfiltered);
}

/** Fields of `extra` win, objects are merged field by field, and no filter loses its name. */
function mergedOver(body: JsonObject, extra: JsonObject): JsonObject {
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
  return isObject(mine) && isObject(theirs) ? mergedOver(mine, theirs) : theirs;
}

function own(body: JsonObject, field: string): Json | undefined {
  return Object.hasOwn(body, field) ? body[field] : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
