import { usageError } from '../errors.ts';
import { words } from './lists.ts';

const faultKinds = words(
  '429 500 502-html 503 200-html empty cut reset hang not-success no-data redirect rate repeat repeat-last ignore-filters inserts deletes moves',
);
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** Only requests for this page; `last` is the last page that holds anyone. */
  readonly page?: number | 'last';
  /** How often it is injected; for ever when absent. */
  readonly times?: number;
  /** 429: seconds of Retry-After, 0 for none. rate: requests a second. inserts, deletes, moves: every so many requests. */
  readonly value?: number;
}

const everySoMany: ReadonlySet<FaultKind> = new Set(['inserts', 'deletes', 'moves']);
const needValue: ReadonlySet<FaultKind> = new Set([...everySoMany, 'rate']);
const syntax =
  /^(?<kind>[a-z\d-]+?)(?:=(?<value>\d+))?(?:@(?<page>[1-9]\d*|last))?(?:x(?<times>[1-9]\d*))?$/;

/** `500@1x2` is a 500 for page 1, twice; `rate=5`, `cut@last`, `429=3x1`. */
export function parseFault(text: string): Fault {
  const { kind, value, page, times } = syntax.exec(text.trim())?.groups ?? {};
  const known = faultKinds.find((name) => name === kind);
  if (known === undefined) {
    const forms = 'KIND, KIND=VALUE, KIND@PAGE or KINDxTIMES';
    const hint = `write ${forms}; the kinds are ${faultKinds.join(', ')}`;
    throw usageError(`"${text}" is not a fault`, hint);
  }
  if (needValue.has(known) && !(Number(value) > 0)) {
    throw usageError(`the fault ${known} needs a number from 1`, `for example ${known}=5`);
  }
  if (value !== undefined && !needValue.has(known) && known !== '429') {
    const hint = `write ${known}, ${known}@1 or ${known}x2`;
    throw usageError(`the fault ${known} takes no value`, hint);
  }
  return {
    kind: known,
    ...(value === undefined ? {} : { value: Number(value) }),
    ...(page === undefined ? {} : { page: page === 'last' ? page : Number(page) }),
    ...(times === undefined ? {} : { times: Number(times) }),
  };
}

/** A fault as it goes along: when it is due, how often it was. */
export class ActiveFault {
  readonly fault: Fault;
  #injected = 0;
  #asked = 0;
  #allowance: number;
  #filledAt = performance.now();

  constructor(fault: Fault) {
    this.fault = fault;
    this.#allowance = fault.value ?? 1;
  }

  /** Asked once for each request; `page` is undefined for calls that have no pages. */
  isDue(page: number | undefined, lastPage: () => number): boolean {
    const { kind, page: only, times = Number.POSITIVE_INFINITY } = this.fault;
    if (this.#injected >= times) return false;
    if (only !== undefined && page !== (only === 'last' ? lastPage() : only)) return false;
    if (everySoMany.has(kind) && !this.#isTurn()) return false;
    if (kind === 'rate' && this.#isWithinRate()) return false;
    this.#injected += 1;
    return true;
  }

  /** Between the requests: after the first `value` of them, the next `value`, … */
  #isTurn(): boolean {
    const before = this.#asked;
    this.#asked += 1;
    return before > 0 && before % (this.fault.value ?? 1) === 0;
  }

  #isWithinRate(): boolean {
    const rate = this.fault.value ?? 1;
    const now = performance.now();
    this.#allowance = Math.min(rate, this.#allowance + ((now - this.#filledAt) / 1000) * rate);
    this.#filledAt = now;
    if (this.#allowance < 1) return false;
    this.#allowance -= 1;
    return true;
  }
}
