import type { ServiceRecord } from '../records/record.ts';
import type { Page } from './course.ts';
import type { RequestOptions } from './page-requests.ts';

export interface WalkOptions extends RequestOptions {
  /** How many pages may be under way at once; asked anew before each page. */
  readonly width: () => number;
  /**
   * How hard to look for what moved while pages were read: `front` reads on until nobody can be
   * missing in an account where nobody is deleted, `verify` also where some are. `once`, where the
   * reader may stop before the end, has no end to prove that, so that its pages are read in order.
   */
  readonly care: 'once' | 'front' | 'verify';
  /** Whether a contact was surely listed when the run began: see `wasListed`. */
  readonly existedBefore?: (contact: ServiceRecord) => boolean;
  /** When a contact was created, in ms; NaN where that is unknown. */
  readonly createdAt?: (contact: ServiceRecord) => number;
  /** Walks in all, the first included. */
  readonly maxWalks?: number;
  /** With `once`: whether the reader stops where this page follows. */
  readonly isEnough?: (next: Page) => boolean;
  /** With `once`: how many contacts will do; where given, and no log kept, pages may be read several at a time. */
  readonly limit?: () => number;
}
