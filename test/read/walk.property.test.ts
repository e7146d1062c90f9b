import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExplainedError } from '../../src/errors.ts';
import { PageLog } from '../../src/read/page-log.ts';
import type { WalkOptions } from '../../src/read/walk.ts';
import { contactKey } from '../../src/records/contacts/key.ts';
import { readPage } from '../../src/records/page.ts';
import {
  type Event,
  MemoryLog,
  NoLog,
  type Story,
  type StoryLog,
  tell,
} from '../support/walk-stories.ts';

type Kind = Event['kind'];

/** So many stories in all; more are told with WALK_STORIES, others with WALK_SEED. */
const stories = Number(process.env['WALK_STORIES'] ?? 20_000);
const seed = Number(process.env['WALK_SEED'] ?? 1);

/** The reader's and the service's trouble, which must not cost a contact. */
const trouble: readonly Kind[] = ['fail', 'kill', 'resize', 'empty answer', 'short answer'];

/** What stays rare enough to be called trouble: the service answers like this so often in a story. */
const most: { readonly [kind in Kind]?: number } = {
  'empty answer': 1,
  'short answer': 1,
  resize: 2,
};

function rareEnough(events: readonly Event[]): readonly Event[] {
  const counts = new Map<Kind, number>();
  return events.filter(({ kind }) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= (most[kind] ?? count);
  });
}

function storiesOf(kinds: readonly Kind[], delays: fc.Arbitrary<readonly number[]>) {
  const event = fc.record<Event>({
    request: fc.integer({ min: 1, max: 60 }),
    kind: fc.constantFrom(...kinds),
    row: fc.nat({ max: 1000 }),
  });
  return fc.record<Story>({
    contacts: fc.integer({ min: 0, max: 30 }),
    pageSize: fc.integer({ min: 1, max: 6 }),
    width: fc.integer({ min: 1, max: 5 }),
    events: fc.array(event, { maxLength: 14 }).map(rareEnough),
    delays,
  });
}

/** Pages are answered in the order in which they are asked for. */
const inOrder = fc.constant([2]);
/** Pages overtake one another. */
const overtaking = fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 20 });

/** Page 1 is asked for twice while later pages answer, and a contact comes meanwhile. */
const lateFirstPage: Story = {
  contacts: 6,
  pageSize: 2,
  width: 3,
  delays: [1],
  events: [
    { request: 1, kind: 'fail', row: 9 },
    { request: 4, kind: 'insert', row: 0 },
  ],
};

/** Killed while a page in the middle is under way; contacts come before the run goes on. */
const resumedLater: Story = {
  contacts: 24,
  pageSize: 4,
  width: 4,
  delays: [1, 1, 1, 1, 9, 1, 1, 1],
  events: [
    { request: 5, kind: 'kill', row: 0 },
    ...Array.from({ length: 5 }, () => ({ request: 6, kind: 'insert', row: 0 }) as const),
  ],
};

/** Pages are longer for a moment, just when the end is looked at. */
const longerAtTheEnd: Story = {
  contacts: 24,
  pageSize: 4,
  width: 1,
  delays: [0],
  events: [
    { request: 1, kind: 'insert', row: 0 },
    { request: 8, kind: 'resize', row: 844 },
    { request: 10, kind: 'resize', row: 741 },
    { request: 1, kind: 'empty answer', row: 0 },
  ],
};

/** Two walks that miss the same contact, since a row above it goes away in each. */
const missedTwice: Story = {
  contacts: 4,
  pageSize: 1,
  width: 1,
  delays: [0],
  events: [
    { request: 3, kind: 'delete', row: 0 },
    { request: 6, kind: 'delete', row: 0 },
  ],
};

/** Two walks that miss the same contact, since one comes while page 1 is overtaken in each. */
const skippedTwice: Story = {
  contacts: 3,
  pageSize: 1,
  width: 3,
  delays: [0, 2, 0, 1],
  events: [
    { request: 1, kind: 'insert', row: 0 },
    { request: 7, kind: 'insert', row: 0 },
  ],
};

/** A contact that was created before the run turns up in the first walk; another goes in the second. */
const lateArrival: Story = {
  contacts: 12,
  pageSize: 3,
  width: 1,
  delays: [0],
  events: [
    { request: 3, kind: 'late arrival', row: 8 },
    { request: 11, kind: 'delete', row: 1 },
  ],
};

/** Pages are shorter again while the end is measured, and then its last answer is empty. */
const resizedAtTheEnd: Story = {
  contacts: 8,
  pageSize: 2,
  width: 4,
  delays: [0],
  events: [
    { request: 1, kind: 'insert', row: 0 },
    { request: 5, kind: 'resize', row: 8 },
    { request: 14, kind: 'resize', row: 217 },
    { request: 16, kind: 'empty answer', row: 0 },
  ],
};

/** A lone page is longer by now, and its front comes back as short as it was. */
const shortAsBefore: Story = {
  contacts: 2,
  pageSize: 2,
  width: 1,
  delays: [0],
  events: [
    { request: 1, kind: 'insert', row: 0 },
    { request: 2, kind: 'fail', row: 0 },
    { request: 2, kind: 'resize', row: 500 },
    { request: 5, kind: 'short answer', row: 63 },
  ],
};

/** Pages get longer between the first and the last one, and the front comes back as short as it was. */
const longerBetween: Story = {
  contacts: 4,
  pageSize: 2,
  width: 3,
  delays: [0, 0, 0, 1, 1, 0, 1],
  events: [
    { request: 1, kind: 'fail', row: 0 },
    { request: 2, kind: 'resize', row: 524 },
    { request: 8, kind: 'short answer', row: 651 },
  ],
};

/** Killed in a second walk, where the page comes back short that should hold whom the first had missed. */
const shortAfterResume: Story = {
  contacts: 24,
  pageSize: 2,
  width: 4,
  delays: [1, 3, 1, 5, 3, 3, 2],
  events: [
    { request: 1, kind: 'fail', row: 3 },
    { request: 14, kind: 'insert', row: 0 },
    { request: 28, kind: 'insert', row: 0 },
    { request: 36, kind: 'short answer', row: 0 },
    { request: 39, kind: 'kill', row: 0 },
  ],
};

/** A page comes back short; then one turns up in the middle, and its neighbour is overtaken. */
const shortThenOvertaken: Story = {
  contacts: 17,
  pageSize: 2,
  width: 3,
  delays: [1, 0, 3, 1, 0],
  events: [
    { request: 1, kind: 'fail', row: 0 },
    { request: 6, kind: 'short answer', row: 0 },
    { request: 21, kind: 'late arrival', row: 38 },
  ],
};

/** The second walk ends early, since pages got longer; the third hides what the first had missed. */
const cutAndHidden: Story = {
  contacts: 22,
  pageSize: 1,
  width: 1,
  delays: [2],
  events: [
    { request: 19, kind: 'delete', row: 0 },
    { request: 44, kind: 'resize', row: 321 },
    { request: 59, kind: 'short answer', row: 0 },
  ],
};

/** Pages get longer in the first walk, and the second skips what that left out. */
const resizedThenSkipped: Story = {
  contacts: 20,
  pageSize: 3,
  width: 5,
  delays: [2, 2, 0, 4, 1, 3, 2, 3, 5, 0, 4, 0],
  events: [
    { request: 5, kind: 'fail', row: 0 },
    { request: 6, kind: 'resize', row: 153 },
    { request: 37, kind: 'insert', row: 0 },
  ],
};

/** A lone page comes back short, and one more comes between the answers of the page after it and its own. */
const pushedBehindTheEnd: Story = {
  contacts: 2,
  pageSize: 2,
  width: 4,
  delays: [1, 1, 0],
  events: [
    { request: 1, kind: 'short answer', row: 0 },
    { request: 2, kind: 'fail', row: 0 },
    { request: 8, kind: 'insert', row: 0 },
  ],
};

/** A lone page came back as short as pages are for a while, and they are longer again when its end is looked at. */
const shortForAWhile: Story = {
  contacts: 2,
  pageSize: 2,
  width: 1,
  delays: [0],
  events: [
    { request: 1, kind: 'short answer', row: 0 },
    { request: 4, kind: 'resize', row: 0 },
    { request: 4, kind: 'kill', row: 0 },
    { request: 15, kind: 'kill', row: 0 },
    { request: 21, kind: 'resize', row: 1 },
  ],
};

/** What follows a lone page holds somebody, but one comes meanwhile, so that it is asked for again: in vain. */
const hiddenBehindTheEnd: Story = {
  contacts: 5,
  pageSize: 4,
  width: 1,
  delays: [0, 0, 0, 1, 0, 0, 0],
  events: [
    { request: 1, kind: 'fail', row: 0 },
    { request: 3, kind: 'resize', row: 382 },
    { request: 6, kind: 'insert', row: 0 },
    { request: 8, kind: 'empty answer', row: 0 },
  ],
};

/** One turns up behind the last contact, and then the last page comes back without that one. */
const hiddenAgain: Story = {
  contacts: 27,
  pageSize: 5,
  width: 2,
  delays: [0, 0, 1, 0],
  events: [
    { request: 1, kind: 'insert', row: 0 },
    { request: 7, kind: 'late arrival', row: 550 },
    { request: 7, kind: 'fail', row: 0 },
    { request: 16, kind: 'short answer', row: 629 },
  ],
};

/** A reader who wants no more than some of them, of a service that has one of these troubles once. */
const limited = fc
  .record({
    story: fc.oneof(
      ...(['empty answer', 'short answer', 'resize'] as const).map((once) =>
        storiesOf(['insert', 'insert', 'insert', 'late arrival', 'fail', 'kill', once], overtaking),
      ),
    ),
    contacts: fc.integer({ min: 0, max: 60 }),
    width: fc.integer({ min: 1, max: 8 }),
    limit: fc.integer({ min: 1, max: 70 }),
  })
  .map(({ story, ...others }): Story => {
    const resize = story.events.find(({ kind }) => kind === 'resize');
    const events = story.events.filter((each) => each.kind !== 'resize' || each === resize);
    return { ...story, ...others, events };
  });

/** Pages get longer, and rows move on while they are read again; at the end one comes twice in a row. */
const longerWithinLimit: readonly Story[] = [
  {
    contacts: 32,
    pageSize: 1,
    width: 1,
    delays: [0],
    limit: 30,
    events: [
      { request: 16, kind: 'resize', row: 301 },
      { request: 18, kind: 'insert', row: 0 },
      { request: 18, kind: 'insert', row: 0 },
      { request: 19, kind: 'insert', row: 0 },
    ],
  },
  {
    contacts: 51,
    pageSize: 1,
    width: 1,
    delays: [0],
    limit: 27,
    events: [
      { request: 26, kind: 'resize', row: 301 },
      { request: 27, kind: 'insert', row: 0 },
      { request: 27, kind: 'insert', row: 0 },
    ],
  },
];

interface Outcomes {
  told: number;
  failed: number;
  unstable: number;
}

/** Tells a story; undefined where its run failed, else whom it delivered, each once and none made up. */
async function tellOfEach(
  story: Story,
  care: WalkOptions['care'],
  log: StoryLog,
  outcomes: Outcomes,
) {
  const { error, ...told } = await tell(story, care, log);
  outcomes.told += 1;
  expect(told.askedAgain).toEqual([]);
  if (error !== undefined) {
    if (!(error instanceof ExplainedError)) throw error;
    outcomes.failed += 1;
    return undefined;
  }
  const { keys, tally, service } = told;
  const held = new Set(keys);
  expect(held.size).toBe(keys.length);
  expect(keys.filter((id) => !service.ever.has(id))).toEqual([]);
  if (tally.stable === false) outcomes.unstable += 1;
  return { ...told, held };
}

/** Checks that a run which says that all went well lost and doubled nobody. */
async function check(
  story: Story,
  care: WalkOptions['care'],
  log: StoryLog,
  outcomes: Outcomes,
): Promise<void> {
  const told = await tellOfEach(story, care, log, outcomes);
  if (told === undefined) return;
  const { held, tally, service } = told;
  expect(tally).toMatchObject({ ended: true, unique: held.size });
  if (tally.stable === false) return;
  expect([...service.throughout].filter((id) => !held.has(id))).toEqual([]);
}

/** Checks that of those who were there throughout a limit passed over nobody. */
async function checkLimited(story: Story, log: StoryLog, outcomes: Outcomes): Promise<void> {
  const told = await tellOfEach(story, 'once', log, outcomes);
  if (told === undefined || told.tally.stable === false) return;
  const { held, service } = told;
  const there = [...service.throughout];
  const met = there.filter((id) => held.has(id)).length;
  const expected = held.size < (story.limit ?? 0) ? there : there.slice(0, met);
  expect(expected.filter((id) => !held.has(id))).toEqual([]);
}

const worlds = [
  {
    name: 'a plain export, while contacts come and pages overtake one another',
    care: 'front',
    stories: storiesOf(
      ['insert', 'insert', 'insert', 'late arrival', 'fail', ...trouble],
      overtaking,
    ),
    examples: [
      lateFirstPage,
      resumedLater,
      longerAtTheEnd,
      resizedAtTheEnd,
      shortAsBefore,
      longerBetween,
      shortAfterResume,
      shortThenOvertaken,
      pushedBehindTheEnd,
      shortForAWhile,
      hiddenBehindTheEnd,
      hiddenAgain,
    ],
    share: 0.5,
    /** Of all stories, how many may end with an error or with exit 8. */
    mostFailed: 0.02,
    mostUnstable: 0.001,
  },
  {
    name: '--verify, while contacts come, go and move',
    care: 'verify',
    stories: storiesOf(['insert', 'late arrival', 'delete', 'delete', 'move', ...trouble], inOrder),
    examples: [missedTwice, lateArrival, cutAndHidden],
    share: 0.25,
    mostFailed: 0.05,
    mostUnstable: 0.1,
  },
  {
    name: '--verify, while contacts come and go, and pages overtake one another',
    care: 'verify',
    stories: storiesOf(['insert', 'late arrival', 'delete', 'delete', ...trouble], overtaking),
    examples: [skippedTwice, missedTwice, lateArrival, resizedThenSkipped],
    share: 0.25,
    mostFailed: 0.05,
    mostUnstable: 0.1,
  },
] as const;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reekolect-stories-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What stands between the runs of a story; the disk is slow, so that fewer are told with it. */
const logs = [
  { where: 'in memory', part: 1, open: async () => new MemoryLog() },
  {
    where: 'on the disk',
    part: 1 / 50,
    open: (number: number) => DiskLog.create(join(folder, `${number}.part`)),
  },
];

describe.each(logs)(
  'with a log $where, nobody who was there throughout is lost, nobody doubled',
  ({ part, open }) => {
    it.each(worlds)(
      'by $name',
      async ({ care, stories: some, examples, share, ...limits }) => {
        const outcomes: Outcomes = { told: 0, failed: 0, unstable: 0 };
        const numRuns = Math.ceil(stories * share * part);
        await fc.assert(
          fc.asyncProperty(some, async (story) => {
            const log = await open(outcomes.told);
            await check(story, care, log, outcomes);
            await log.remove();
          }),
          { numRuns, seed, examples: examples.map((story) => [story]) },
        );
        expect(outcomes.told).toBe(numRuns);
        if (numRuns < 1000) return;
        expect(outcomes.failed / numRuns).toBeLessThan(limits.mostFailed);
        expect(outcomes.unstable / numRuns).toBeLessThan(limits.mostUnstable);
      },
      3_600_000,
    );
  },
);

describe.each([
  { name: 'a list, its pages one by one or several at a time', open: () => new NoLog() },
  { name: 'an export with --limit, from a log', open: () => new MemoryLog() },
])('$name', ({ open }) => {
  it('passes over nobody who was there throughout, and doubles nobody', async () => {
    const outcomes: Outcomes = { told: 0, failed: 0, unstable: 0 };
    const numRuns = Math.ceil(stories / 10);
    await fc.assert(
      fc.asyncProperty(limited, (story) => checkLimited(story, open(), outcomes)),
      { numRuns, seed, examples: longerWithinLimit.map((story) => [story]) },
    );
    expect(outcomes.told).toBe(numRuns);
    if (numRuns < 1000) return;
    expect(outcomes.failed / numRuns).toBeLessThan(0.02);
    expect(outcomes.unstable / numRuns).toBeLessThan(0.001);
  }, 3_600_000);
});

/** The page log itself, closed and opened again at each kill. */
class DiskLog implements StoryLog {
  readonly #path: string;
  #log: PageLog;

  private constructor(path: string, log: PageLog) {
    this.#path = path;
    this.#log = log;
  }

  static async create(path: string): Promise<DiskLog> {
    const head = { started: '2026-11-01T00:00:00.000Z', topic: {} };
    return new DiskLog(path, await PageLog.create(path, head));
  }

  async read(request: Parameters<StoryLog['read']>[0]) {
    const missing = new Error('not in the log');
    const recall = this.#log.remember({
      fetchPage: () => Promise.reject(missing),
      decode: (bytes) => readPage(bytes, contactKey),
    });
    try {
      const records = await recall(request, new AbortController().signal);
      return records.map(({ key }) => key);
    } catch (error) {
      if (error === missing) return undefined;
      throw error;
    }
  }

  async write(request: Parameters<StoryLog['read']>[0], ids: readonly string[]) {
    const text = JSON.stringify({ success: true, data: ids.map((_id) => ({ _id })) });
    const fetch = this.#log.remember({
      fetchPage: async (_page, _signal, read) => read(Buffer.from(text)),
      decode: (bytes) => readPage(bytes, contactKey),
      repeats: true,
    });
    const records = await fetch(request, new AbortController().signal);
    expect(records.map(({ key }) => key)).toEqual(ids);
  }

  async reopen() {
    await this.#log.close();
    this.#log = await PageLog.resume(this.#path);
  }

  remove(): Promise<void> {
    return this.#log.remove();
  }
}
