import type { ServiceRecord } from '../records/record.ts';
import { SeenKeys } from './seen-keys.ts';

/** What a walk has met so far. */
export interface Tally {
  /** Answers that held contacts. */
  pages: number;
  received: number;
  unique: number;
  duplicates: number;
  /** Found only after the first walk. */
  late: number;
  walks: number;
  /**
   * With verify: whether a walk was proven to have missed nobody. Without: false where rows
   * shifted until the last walk, so that some may be missing, else undefined.
   */
  stable: boolean | undefined;
  /** Whether the last walk's pages were no parts of one list: some may be on none of them. */
  shuffled: boolean;
  /** Whether the end was reached. */
  ended: boolean;
  /** Records without a key, told apart by their content. */
  keyless: number;
  /** Whether one of those may have come twice, with other content: pages overlapped. */
  keylessTwice: boolean;
}

export function emptyTally(): Tally {
  return {
    pages: 0,
    received: 0,
    unique: 0,
    duplicates: 0,
    late: 0,
    walks: 0,
    stable: undefined,
    shuffled: false,
    ended: false,
    keyless: 0,
    keylessTwice: false,
  };
}

/** Counts of one walk over all pages. */
class WalkCounts {
  met = 0;
  metAgain = 0;
  found = 0;
  missed = 0;
  /** False once a contact came twice, or one that may be new. */
  calm = true;
}

/** A page, compared with all that came before. */
export interface Meeting {
  /** Never met before. */
  readonly fresh: readonly ServiceRecord[];
  /** How many this walk had met before. */
  readonly repeated: number;
}

/** Tells contacts met for the first time from those known, and counts both. */
export class Deduplicator {
  readonly tally = emptyTally();
  counts = new WalkCounts();
  readonly #seen = new SeenKeys();
  readonly #existedBefore: (contact: ServiceRecord) => boolean;
  readonly #createdAt: (contact: ServiceRecord) => number;
  /** Whether the walk met a page that held nobody new to it. */
  #cameAgain = false;
  /** Whether pages held the same contact, or one that came late. */
  #overlapped = false;

  constructor(
    existedBefore: (contact: ServiceRecord) => boolean = () => true,
    createdAt: (contact: ServiceRecord) => number = () => Number.NaN,
  ) {
    this.#existedBefore = existedBefore;
    this.#createdAt = createdAt;
  }

  beginWalk(): void {
    this.tally.walks += 1;
    this.tally.shuffled = false;
    this.#cameAgain = false;
    this.counts = new WalkCounts();
  }

  /** A page of the walk: none of its contacts should have been met by the same walk before. */
  meet(page: readonly ServiceRecord[]): Meeting {
    const meeting = this.#compare(page, true);
    // It stands where another should: the pages go on behind it.
    if (this.#cameAgain && meeting.repeated < page.length) this.tally.shuffled = true;
    this.#cameAgain ||= page.length > 1 && meeting.repeated === page.length;
    if (meeting.repeated > 0) this.counts.calm = false;
    const late = this.tally.walks > 1 ? meeting.fresh.length : 0;
    this.#count(meeting, late, meeting.repeated > 0);
    return meeting;
  }

  /** A page that is read once more after the walk, so that repeats mean nothing. */
  meetLate(page: readonly ServiceRecord[]): Meeting {
    const meeting = this.#compare(page);
    this.#count(meeting, meeting.fresh.length, false);
    return meeting;
  }

  #compare(page: readonly ServiceRecord[], ofWalk = false): Meeting {
    const { tally, counts } = this;
    const fresh: ServiceRecord[] = [];
    let repeated = 0;
    let index = -1;
    for (const contact of page) {
      index += 1;
      const before = this.#seen.meet(contact.key, tally.walks);
      if (before === tally.walks) {
        // Nobody who came in front has moved it behind one that is new.
        if (ofWalk && repeated < index && this.#isSortedAnew(page, index)) tally.shuffled = true;
        repeated += 1;
      } else if (before === tally.walks - 1 && before > 0) counts.metAgain += 1;
      if (before === 0) fresh.push(contact);
    }
    counts.met += page.length - repeated;
    if (page.length > 0) tally.pages += 1;
    tally.received += page.length;
    tally.unique += fresh.length;
    tally.duplicates += page.length - fresh.length;
    return { fresh, repeated };
  }

  /** Whether one that came on an earlier page stands here beside another that was created at once with it. */
  #isSortedAnew(page: readonly ServiceRecord[], index: number): boolean {
    const contact = page[index] as ServiceRecord;
    if (page.findIndex(({ key }) => key === contact.key) < index) return false;
    const created = this.#createdAt(contact);
    const beside = [page[index - 1], page[index + 1]];
    return beside.some((it) => it && it.key !== contact.key && this.#createdAt(it) === created);
  }

  #count({ fresh }: Meeting, late: number, overlap: boolean): void {
    const { tally, counts } = this;
    for (const contact of fresh) {
      if (contact.keyless === true) tally.keyless += 1;
      if (this.#existedBefore(contact)) counts.missed += 1;
      else counts.calm = false;
    }
    counts.found += fresh.length;
    tally.late += late;
    this.#overlapped ||= overlap || late > 0;
    tally.keylessTwice = this.#overlapped && tally.keyless > 0;
  }
}
