import { ExplainedError, exitCodes } from '../errors.ts';
import { serviceTime } from '../query.ts';
import { abortableWait } from '../read/abortable.ts';
import { openAccountJob } from '../resume/job.ts';
import type { Session } from '../session.ts';
import { NextCursor } from '../state/cursor.ts';
import type { Job } from '../state/job.ts';
import { type Deliver, openDelivery } from './deliver.ts';
import { defaultEveryMs, type WatchPlan } from './plan.ts';
import { type Arrival, arrivals } from './poll.ts';

/** The longest pause before a service that fails is asked again. */
const longestBackoffMs = 15 * 60_000;

/** Delivers what is new, poll after poll, until it is told to stop. Nothing at the start is new. */
export async function runWatch(plan: WatchPlan, session: Session): Promise<void> {
  const { query, options } = plan;
  const { resource, typed } = query;
  const job =
    options.job === undefined
      ? undefined
      : await openAccountJob(options.job, `${resource.many} watch`, resource, typed, session);
  try {
    const deliver = await openDelivery(plan, session);
    await new Watch(plan, job, deliver, session).run();
  } finally {
    await job?.release();
  }
}

class Watch {
  readonly #plan: WatchPlan;
  readonly #job: Job | undefined;
  readonly #deliver: Deliver;
  readonly #session: Session;
  readonly #cursor: NextCursor;
  /** Whether anything was ever looked at: only from then on is something new. */
  #begun: boolean;

  constructor(plan: WatchPlan, job: Job | undefined, deliver: Deliver, session: Session) {
    this.#plan = plan;
    this.#job = job;
    this.#deliver = deliver;
    this.#session = session;
    this.#cursor = job?.next ?? new NextCursor(undefined);
    this.#begun = job?.lastRun !== undefined;
  }

  async run(): Promise<void> {
    const { context, log } = this.#session;
    const { every = defaultEveryMs, once, for: lasting } = this.#plan.options;
    const wait = context.wait ?? abortableWait(context.signal);
    const clock = () => context.now().getTime();
    const end = lasting === undefined ? Number.POSITIVE_INFINITY : clock() + lasting;
    for (let failures = 0; ; ) {
      const began = clock();
      let pause = every;
      try {
        const found = await this.#poll();
        failures = 0;
        log.debug(`${found} new; the next look in ${every / 1000} s`);
      } catch (error) {
        if (once || context.signal.aborted || !isPassing(error)) throw error;
        failures += 1;
        pause = Math.max(
          error.retryAfterMs ?? 0,
          every,
          Math.min(longestBackoffMs, every * 2 ** failures),
        );
        log.warn(`${error.message}; asking again in ${Math.round(pause / 1000)} s`);
      }
      if (once) return;
      const next = failures > 0 ? clock() + pause : began + pause;
      if (next >= end) {
        await wait(Math.max(0, end - clock()));
        return;
      }
      await wait(Math.max(0, next - clock()));
    }
  }

  /** Returns how many were new. */
  async #poll(): Promise<number> {
    const { query, options } = this.#plan;
    const { client } = await this.#session.connect(query.resource.credential);
    const now = () => serviceTime(this.#session.context.now(), client.skewMs).getTime();
    const found = await arrivals(query, this.#cursor, options.trustServer, now, this.#session);
    const began = new Date(now());
    if (!this.#begun) {
      this.#cursor.begin(began.getTime());
      for (const { record, createdMs } of found)
        this.#cursor.add(record.key, createdMs, began.getTime());
      await this.#save(began, found);
      this.#begun = true;
      return 0;
    }
    await this.#deliverAll(found, began);
    return found.length;
  }

  /** One after the other, oldest first; the mark moves behind what is delivered. */
  async #deliverAll(found: readonly Arrival[], began: Date): Promise<void> {
    const everyOne = this.#plan.options.exec !== undefined;
    let unsaved = 0;
    try {
      for (const arrival of found) {
        await this.#deliver(arrival.record);
        this.#cursor.add(arrival.record.key, arrival.createdMs, began.getTime());
        unsaved += 1;
        if (!everyOne && unsaved < savedTogether) continue;
        await this.#save(began, found);
        unsaved = 0;
      }
    } finally {
      if (unsaved > 0) await this.#save(began, found);
    }
  }

  async #save(began: Date, found: readonly Arrival[]): Promise<void> {
    const { customer } = this.#plan.query.resource;
    const customers = new Set(found.map(({ record }) => customer?.(record.record)));
    if (customers.size === 1) this.#job?.setCustomer([...customers][0]);
    await this.#job?.commit(began);
  }
}

/** How many lines are written before a job's mark moves: each move costs a flush to the disk. */
const savedTogether = 100;

/** Whether the service may be better later: everything else ends the watch. */
function isPassing(error: unknown): error is ExplainedError {
  if (!(error instanceof ExplainedError)) return false;
  const { exit, status = 500 } = error;
  if (exit === exitCodes.unreachable || exit === exitCodes.incomplete) return true;
  if (exit !== exitCodes.badAnswer) return false;
  return status >= 500 || status === 429 || status === 408 || status < 300;
}
