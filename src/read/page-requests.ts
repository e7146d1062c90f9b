import { setMaxListeners } from 'node:events';
import type { ServiceRecord } from '../records/record.ts';
import { abortable, abortableWait } from './abortable.ts';
import type { Wait } from './end-of-pages.ts';

/** Which page, and in which reading of the account: the page log tells readings apart. */
export interface PageRequest {
  /** No blanks in it. */
  readonly round: string;
  readonly page: number;
  /** Must show the account as it is now: an answer that an earlier run logged won't do. */
  readonly afresh?: boolean;
}

export type FetchPage = (
  request: PageRequest,
  signal: AbortSignal,
) => Promise<readonly ServiceRecord[]>;

/** A page as it came, and what it holds. */
export interface LoggedPage {
  readonly bytes: Uint8Array;
  readonly records: readonly ServiceRecord[];
}

export type Decode = (bytes: Uint8Array) => LoggedPage;

export interface LogSource {
  /** `decode` reads what came. */
  readonly fetchPage: (page: number, signal: AbortSignal, decode: Decode) => Promise<LoggedPage>;
  /** Reads a page. Throws UnusableAnswer where that is none. */
  readonly decode: Decode;
  /** Whether pages will be read more than once, and most hold the same then. */
  readonly repeats?: boolean;
}

export interface RequestOptions {
  readonly fetchPage: FetchPage;
  readonly signal: AbortSignal;
  readonly wait?: Wait;
}

/** All that one reading asks for and waits for: ends at once when the signal or the reading does. */
export class PageRequests {
  readonly #options: RequestOptions;
  readonly #stop = new AbortController();
  readonly #abort = () => this.#stop.abort(this.#options.signal.reason);

  constructor(options: RequestOptions) {
    this.#options = options;
    setMaxListeners(0, this.#stop.signal);
  }

  begin(): void {
    const { signal } = this.#options;
    if (signal.aborted) this.#abort();
    else signal.addEventListener('abort', this.#abort, { once: true });
  }

  async ask(round: string, page: number, afresh = false): Promise<readonly ServiceRecord[]> {
    const { signal } = this.#stop;
    signal.throwIfAborted();
    const request = afresh ? { round, page, afresh } : { round, page };
    return abortable(this.#options.fetchPage(request, signal), signal);
  }

  readonly wait: Wait = (ms) => {
    const { signal } = this.#stop;
    const { wait } = this.#options;
    return wait === undefined ? abortableWait(signal)(ms) : abortable(wait(ms), signal);
  };

  /** Ends whatever is under way. */
  end(): void {
    this.#options.signal.removeEventListener('abort', this.#abort);
    this.#stop.abort(new Error('the reading is over'));
  }
}
