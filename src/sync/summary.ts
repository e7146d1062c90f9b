/** What became of a run. */
export interface Summary {
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
  readonly unchanged: number;
  readonly purged: number;
  readonly walks: number;
  readonly stable: boolean | undefined;
}

export interface SummaryFacts {
  readonly shown: string;
  /** Then who is gone from the filters may still be in the account. */
  readonly isFiltered: boolean;
  /** For a quick run: when the last full one was. */
  readonly lastFull: string | undefined;
}

/** `12 new, 340 changed, 3 deleted, 99645 as before in contacts.db`. */
export function summaryText(
  { created, changed, deleted, unchanged, purged }: Summary,
  { shown, isFiltered, lastFull }: SummaryFacts,
): string {
  const gone = `${deleted} ${isFiltered ? 'left' : 'deleted'}`;
  const parts = [
    `${created} new, ${changed} changed, ${gone}, ${unchanged} as before in ${shown}`,
    ...(purged > 0 ? [`${purged} erased`] : []),
    ...(lastFull === undefined ? [] : [`last full run ${lastFull}`]),
  ];
  return parts.join('; ');
}

/** The same for scripts; `stable` says that nobody is known to be missing. */
export function summaryJson({
  created,
  changed,
  deleted,
  unchanged,
  walks,
  stable,
}: Summary): string {
  return JSON.stringify({
    new: created,
    changed,
    deleted,
    unchanged,
    walks,
    stable: stable !== false,
  });
}
