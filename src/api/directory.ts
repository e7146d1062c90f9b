import { closest } from 'fastest-levenshtein';
import { type ExplainedError, usageError } from '../errors.ts';
import type { Named } from '../records/contacts/filters.ts';
import { readAnswer, UnusableAnswer } from '../records/page.ts';
import { at, textOf } from '../records/record.ts';
import type { Json } from '../table.ts';
import type { Client } from './client.ts';

/** A segment or an agent as the service sent it. */
export interface Listed extends Named {
  readonly record: Json;
}

/** The account's segments (the dashboard calls them Groups). */
export async function listSegments(
  client: Client,
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  const call = { method: 'GET', path: 'inbox/segments', label: 'segments', signal } as const;
  return client.ask(call, (text) => readNamed(text, 'segmentName'));
}

/** The account's team members, read page by page until one brings nobody new. */
export async function listAgents(client: Client, signal: AbortSignal): Promise<readonly Listed[]> {
  const agents = new Map<string, Listed>();
  for (let page = 1; ; page += 1) {
    const path = `custom-user?page=${page}&ispagination=true&searchText=`;
    const call = { method: 'GET', path, label: `agents, page ${page}`, signal } as const;
    const found = await client.ask(call, (text) => readNamed(text, 'name'));
    const before = agents.size;
    for (const agent of found) agents.set(agent.id, agent);
    if (agents.size === before) return [...agents.values()];
  }
}

/** What names stand for. Throws a usage error for one that is unknown or stands for several. */
export async function findNamed(
  client: Client,
  kind: 'segment' | 'agent',
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly Named[]> {
  const list = kind === 'segment' ? listSegments : listAgents;
  const known = await list(client, signal);
  return names.map((name) => pick(kind, name, known));
}

function pick(kind: 'segment' | 'agent', name: string, known: readonly Named[]): Named {
  const exact = known.filter((item) => item.name === name);
  const alike = exact.length > 0 ? exact : known.filter((item) => fold(item.name) === fold(name));
  const [found, another] = alike;
  if (found === undefined) throw unknownName(kind, name, known);
  if (another === undefined) return found;
  throw usageError(
    `${alike.length} ${kind}s are called "${name}"`,
    `give the id of one: ${alike.map(({ id, name: exactly }) => `${id} (${exactly})`).join(', ')}`,
    'ambiguous-name',
  );
}

function unknownName(kind: string, name: string, known: readonly Named[]): ExplainedError {
  const wanted = fold(name);
  const names = known.flatMap((item) => item.name ?? []);
  const containing = names.filter(
    (item) => fold(item).includes(wanted) || wanted.includes(fold(item)),
  );
  const near = names.length === 0 ? [] : [closest(name, names)];
  const guesses = (containing.length > 0 ? containing : near).slice(0, 5);
  const hint =
    guesses.length > 0 ? `did you mean ${guesses.join(', ')}?` : `the account has no ${kind}s`;
  return usageError(`there is no ${kind} called "${name}"`, hint, `unknown-${kind}`);
}

function fold(text = ''): string {
  return text.normalize('NFC').trim().toLowerCase();
}

function readNamed(text: string, field: string): readonly Listed[] {
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
