import type { Answer } from './answers.ts';
import type { FaultKind, Trouble } from './faults.ts';
import { type Send, send, spoilt } from './spoiling.ts';

export interface Reply {
  readonly answer: Answer;
  readonly send: Send;
}

/** What strikes a call without pages: only faults that are not tied to one. */
export function replyWith(answer: Answer, troubles: readonly Trouble[]): Reply {
  const whole = troubles.filter(({ fault }) => spoilt(fault) !== undefined);
  return { answer, send: strike(whole, undefined, () => 1).sendSpoilt ?? send };
}

/** The kinds of the faults that strike one request, and what is left of its answer. */
export function strike(
  troubles: readonly Trouble[],
  page: number | undefined,
  lastPage: () => number,
): { kinds: ReadonlySet<FaultKind>; sendSpoilt: Send | undefined } {
  const kinds = new Set<FaultKind>();
  let sendSpoilt: Send | undefined;
  for (const trouble of troubles) {
    const way = spoilt(trouble.fault);
    // an answer is spoilt once: the next fault in line waits for the next request
    if (way !== undefined && sendSpoilt !== undefined) continue;
    if (!trouble.strikes(page, lastPage)) continue;
    kinds.add(trouble.fault.kind);
    sendSpoilt ??= way;
  }
  return { kinds, sendSpoilt };
}
