import { ExplainedError, exitCodes, usageError } from '../errors.ts';
import type { DirectoryKind } from '../records/columns.ts';
import type { Named } from '../records/filter-field.ts';
import { decode } from '../records/json-text.ts';
import { readAnswer, UnusableAnswer } from '../records/page.ts';
import { at, caseless, textOf } from '../records/record.ts';
import { nearest } from '../suggest.ts';
import type { Json } from '../table.ts';
import type { Client } from './client.ts';

/** A segment or an agent as the service sent it. */
export interface Listed extends Named {
  readonly record: Json;
}

/** No account is believed to have more pages of team members. */
const mostPages = 1000;

/** The account's segments (the dashboard calls them Groups). */
export async function listSegments(
  client: Client,
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  const request = { method: 'GET', path: 'inbox/segments', label: 'segments', signal } as const;
  return client.ask(request, (bytes) => readListed(decode(bytes), 'segmentName'));
}

/** The account's team members, read page by page until one brings nobody new. */
export async function listAgents(client: Client, signal: AbortSignal): Promise<readonly Listed[]> {
  const agents = new Map<string, Listed>();
  for (let page = 1; page <= mostPages; page += 1) {
    const path = `custom-user?page=${page}&ispagination=true&searchText=`;
    const request = { method: 'GET', path, label: `agents, page ${page}`, signal } as const;
    const found = await client.ask(request, (bytes) => readListed(decode(bytes), 'name'));
    const before = agents.size;
    for (const agent of found) agents.set(agent.id, agent);
    if (agents.size === before) return [...agents.values()];
  }
  throw new ExplainedError({
    exit: exitCodes.incomplete,
    code: 'repeating-service',
    message: `the service lists new agents on each of ${mostPages} pages`,
    hint: 'give agents by their ids, and report it to the service',
  });
}

/** What names stand for. Throws a usage error for one that is unknown or stands for several. */
export function findNamed(
  kind: DirectoryKind,
  names: readonly string[],
  known: readonly Named[],
): readonly Named[] {
  return names.map((name) => pick(kind, name, known));
}

function pick(kind: DirectoryKind, name: string, known: readonly Named[]): Named {
  const exact = known.filter((item) => item.name === name);
  const matching = exact.length > 0 ? exact : known.filter((item) => isSameName(item.name, name));
  const [found, another] = matching;
  if (found === undefined) throw unknownName(kind, name, known);
  if (another === undefined) return found;
  const choices = matching.map(({ id, name: exactly }) => `${id} (${exactly})`).join(', ');
  throw usageError(
    `${matching.length} ${kind}s are called "${name}"`,
    `give the id of one: ${choices}`,
    'ambiguous-name',
  );
}

function unknownName(kind: DirectoryKind, name: string, known: readonly Named[]): ExplainedError {
  const names = known.flatMap((item) => item.name ?? []);
  const typed = caseless(name);
  const containing = names.filter((item) => {
    const other = caseless(item);
    return other !== '' && (other.includes(typed) || typed.includes(other));
  });
  const guesses = (containing.length > 0 ? containing : nearest(name, names)).slice(0, 5);
  let hint = `the account has no ${kind}s`;
  if (guesses.length > 0) hint = `did you mean ${guesses.map(asTyped).join(', ')}?`;
  else if (names.length > 0) hint = `reekolect ${kind}s list shows them all`;
  return usageError(`there is no ${kind} called "${name}"`, hint, `unknown-${kind}`);
}

/** As a flag takes it, which splits at commas. */
function asTyped(name: string): string {
  return name.replaceAll(',', '\\,');
}

function isSameName(one: string | undefined, other: string): boolean {
  return one !== undefined && caseless(one) === caseless(other);
}

function readListed(text: string, field: string): readonly Listed[] {
  const answer = readAnswer(text);
  const data = at(answer, 'data');
  if (!Array.isArray(data)) throw new UnusableAnswer('the answer holds no list', answer);
  return data
    .map((record: Json) => ({
      id: textOf(at(record, '_id')),
      name: textOf(at(record, field)),
      record,
    }))
    .filter(({ id }) => id !== '');
}
