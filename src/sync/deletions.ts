import type { Pause, Store } from '../database/store.ts';
import { ExplainedError, exitCodes, usageError } from '../errors.ts';

/** How many contacts may be marked as deleted in one run: so many, or such a share of all. */
export interface DeletionLimit {
  readonly count?: number;
  /** 0 to 1. */
  readonly share?: number;
  /** What may be marked however small the share of a small account is. */
  readonly least?: number;
}

export const usualLimit: DeletionLimit = { share: 0.1, least: 5 };

/** Reads `50` or `20%`. */
export function parseLimit(text: string): DeletionLimit {
  const [, number, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  if (number !== undefined && percent === '%' && Number(number) <= 100) {
    return { share: Number(number) / 100 };
  }
  if (number !== undefined && percent === '' && /^\d+$/.test(number)) {
    return { count: Number(number) };
  }
  throw usageError(
    `--max-deletions takes a number or a share: ${text}`,
    'examples: --max-deletions 50, --max-deletions 20%',
  );
}

/** How many of `live` contacts the limit lets go. */
export function mostDeletions({ count, share = 0, least = 0 }: DeletionLimit, live: number) {
  return count ?? Math.max(least, Math.floor(live * share));
}

/** What a full run has found out. */
export interface Findings {
  readonly seen: number;
  /** How many contacts were not marked before; more than none. */
  readonly live: number;
  /** Whether the token is the last full run's, or the user vouches for it. */
  readonly trusted: boolean;
}

/** Why nobody may be marked, whoever is missing from a complete walk; undefined where they may. */
export function reasonAgainst(
  { seen, live, trusted }: Findings,
  shown: string,
): ExplainedError | undefined {
  if (!trusted) {
    return incomplete(
      'other-token',
      `another token than the last full run's may see fewer contacts: nobody in ${shown} is marked as deleted`,
      'where it sees every contact, run it once with --max-deletions 10%; else use the other token, or --no-delete',
    );
  }
  if (seen > 0) return undefined;
  return incomplete(
    'no-contacts',
    `the service lists no contacts, and ${shown} holds ${live}: none is marked as deleted`,
    'look at the account; where they are gone for good, begin another database',
  );
}

export function tooMany(missing: number, live: number, most: number): ExplainedError {
  return incomplete(
    'too-many-deletions',
    `${missing} of ${live} contacts are missing, and --max-deletions lets ${most} go: none is marked as deleted`,
    `look whether they are gone; if so, run it with --max-deletions ${missing}`,
  );
}

function incomplete(code: string, message: string, hint: string): ExplainedError {
  return new ExplainedError({ exit: exitCodes.incomplete, code, message, hint });
}

/** Looking at so many ids takes a few milliseconds. */
const idsAtOnce = 5_000;

export interface Missing {
  readonly count: number;
  /** The first `most` of them. */
  readonly ids: readonly string[];
}

/** The live contacts that were not seen. All ids are looked at, in the order of their key. */
export async function findMissing(
  store: Store,
  isSeen: (id: string) => boolean,
  most: number,
  pause: Pause,
): Promise<Missing> {
  const ids: string[] = [];
  let count = 0;
  for (let last = ''; ; ) {
    const held = await store.idsAfter(last, idsAtOnce);
    for (const id of await store.liveAmong(held.filter((each) => !isSeen(each)))) {
      count += 1;
      if (count <= most) ids.push(id);
    }
    if (held.length < idsAtOnce) return { count, ids };
    last = held.at(-1) as string;
    await pause();
  }
}
