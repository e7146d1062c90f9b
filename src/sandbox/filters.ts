import {
  BadRequest,
  boolean,
  type Fields,
  fields,
  parseFields,
  strings,
  text,
  time,
} from './fields.ts';

/** What a request body asks for, read as the service is believed to read it; undefined filters nothing. */
export interface Filters {
  readonly contactsOnly: boolean;
  readonly searchText?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly status?: readonly string[] | undefined;
  readonly isOnline?: boolean | undefined;
  readonly botWebsite?: readonly string[] | undefined;
  readonly botWhatsapp?: readonly string[] | undefined;
  readonly botTelegram?: readonly string[] | undefined;
  readonly botFacebook?: readonly string[] | undefined;
  readonly agents?: readonly string[] | undefined;
  readonly segments?: readonly string[] | undefined;
  readonly lastSeenAt?: Range | undefined;
  readonly createdAt?: Range | undefined;
  readonly userInteracted?: boolean | undefined;
  readonly lastMessageBy?: readonly string[] | undefined;
  readonly isLiveChatActive?: boolean | undefined;
  readonly hasOrdered?: { readonly status: boolean; readonly since: number } | undefined;
}

/** Both ends included; infinite where open. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface ListRequest {
  readonly page: number;
  readonly filters: Filters;
}

export const notAnId =
  'Argument passed in must be a single String of 12 bytes or a string of 24 hex characters';

const idFields = [
  '_botWebsite',
  '_botWhatsapp',
  '_botTelegram',
  '_botFacebook',
  '_agentAssigned',
  'segments',
];

export function readListRequest(bodyText: string): ListRequest {
  const body = parseFields(bodyText);
  const page = body['page'];
  if (typeof page !== 'number' || !Number.isInteger(page) || page < 1) {
    throw new BadRequest('page must be an integer from 1');
  }
  const ids = idFields.flatMap((key) => strings(body, key));
  if (!ids.every((id) => /^[0-9a-f]{24}$/i.test(id))) throw new BadRequest(notAnId);
  // any other value might start a job at the service: no client of ours may send one
  if ((body['isExport'] ?? 'none') !== 'none') throw new BadRequest('isExport must be "none"');
  return { page, filters: readFilters(body) };
}

/** A filter counts only where `applicableFilters` names it; an empty list or text filters nothing. */
function readFilters(body: Fields): Filters {
  const named = new Set(strings(body, 'applicableFilters'));
  const whereNamed = <T>(key: string, read: (body: Fields, key: string) => T) =>
    named.has(key) ? read(body, key) : undefined;
  return {
    contactsOnly: body['isContact'] !== false,
    searchText: whereNamed('searchText', text) || undefined,
    tags: whereNamed('tags', list),
    status: whereNamed('status', list),
    isOnline: whereNamed('isOnline', boolean),
    botWebsite: whereNamed('_botWebsite', idList),
    botWhatsapp: whereNamed('_botWhatsapp', idList),
    botTelegram: whereNamed('_botTelegram', idList),
    botFacebook: whereNamed('_botFacebook', idList),
    agents: whereNamed('_agentAssigned', idList),
    segments: whereNamed('segments', idList),
    lastSeenAt: whereNamed('lastSeenAt', range),
    createdAt: whereNamed('createdAt', range),
    userInteracted: whereNamed('userInteracted', boolean),
    lastMessageBy: whereNamed('lastMessageBy', list),
    isLiveChatActive: whereNamed('isLiveChatActive', boolean),
    hasOrdered: whereNamed('hasOrdered', order),
  };
}

function list(body: Fields, key: string): readonly string[] | undefined {
  const values = strings(body, key);
  return values.length > 0 ? values : undefined;
}

function idList(body: Fields, key: string): readonly string[] | undefined {
  return list(body, key)?.map((id) => id.toLowerCase());
}

function range(body: Fields, key: string): Range {
  const ends = fields(body, key);
  return {
    from: time(ends, 'startAt') ?? Number.NEGATIVE_INFINITY,
    to: time(ends, 'endsAt') ?? Number.POSITIVE_INFINITY,
  };
}

function order(body: Fields, key: string): { status: boolean; since: number } {
  const ordered = fields(body, key);
  const since = time(ordered, 'lastAt') ?? Number.NEGATIVE_INFINITY;
  return { status: boolean(ordered, 'status'), since };
}
