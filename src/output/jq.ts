import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { Context } from '../context.ts';
import { type ExplainedError, usageError } from '../errors.ts';
import type { Row, Table } from '../table.ts';
import { safeJson } from '../terminal/safe-json.ts';
import { sanitizeLines } from '../terminal/sanitize.ts';
import type { Format } from './format.ts';
import { escapeInRaw } from './formats/control-characters.ts';
import { recordWriter } from './formats/record-json.ts';

/** What the thread is asked: to run over records, JSON texts each, over one array, or only to check. */
type Task = { readonly records: readonly string[] } | { readonly array: string } | object;

interface Results {
  /** A result a line, as compact JSON. */
  readonly lines?: string;
  /** What `debug` and the like have to say. */
  readonly stderr?: string;
  readonly failure?: { readonly reason: string; readonly index?: number };
}

/** Records at a time: more save time, fewer bring the first results sooner. */
const mostAtOnce = 1000;
const longestInput = 4_000_000;

/** Records that go to the thread together. */
class Batch {
  readonly rows: Row[] = [];
  readonly records: string[] = [];
  length = 0;

  add(row: Row, record: string): void {
    this.rows.push(row);
    this.records.push(record);
    this.length += record.length;
  }
}

/** An expression of jq, run in a thread of its own that the signal and the time limit end. */
export class Jq {
  readonly expression: string;
  readonly #context: Pick<Context, 'signal' | 'stderr'>;
  readonly #timeoutMs: number;
  #worker: Worker | undefined;
  #checked = false;
  #settle: (results: Results) => void = () => {};
  #hasResults = false;

  /** `timeoutMs` bounds each piece of work that the thread is given. */
  constructor(expression: string, context: Pick<Context, 'signal' | 'stderr'>, timeoutMs: number) {
    this.expression = expression;
    this.#context = context;
    this.#timeoutMs = timeoutMs;
  }

  /** Throws a usage error for what is no expression of jq; asks no service. */
  async check(): Promise<void> {
    if (this.#checked) return;
    const { failure } = await this.#ask({});
    if (failure !== undefined) throw notJq(failure.reason);
    this.#checked = true;
  }

  /** Every result a line, strings raw: over each record, or once over the array of all. */
  over(what: 'records' | 'array'): Format {
    return (table) =>
      this.#toTheEnd(what === 'array' ? this.#overArray(table) : this.#overRecords(table));
  }

  /** Whether it has made anything yet. */
  get hasResults(): boolean {
    return this.#hasResults;
  }

  close(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  async *#toTheEnd(lines: AsyncIterable<string>): AsyncGenerator<string> {
    try {
      await this.check();
      for await (const some of lines) {
        this.#hasResults ||= some !== '';
        yield some;
      }
    } finally {
      this.close();
    }
  }

  async *#overRecords(table: Table): AsyncGenerator<string> {
    const write = recordWriter(table);
    let size = 1;
    let done = 0;
    let batch = new Batch();
    for await (const page of table.pages) {
      for (const row of page) {
        batch.add(row, write(row));
        if (batch.rows.length < size && batch.length < longestInput) continue;
        yield* this.#overBatch(batch, done);
        done += batch.rows.length;
        size = Math.min(mostAtOnce, size * 4);
        batch = new Batch();
      }
    }
    if (batch.rows.length > 0) yield* this.#overBatch(batch, done);
  }

  async *#overBatch({ rows, records }: Batch, before: number): AsyncGenerator<string> {
    const { lines = '', failure } = await this.#ask({ records });
    yield* readable(lines);
    if (failure === undefined) return;
    const { reason, index = 0 } = failure;
    const name = rows[index]?.id ?? `number ${before + index + 1}`;
    throw failed(`the jq expression fails on the record ${name}`, reason);
  }

  async *#overArray(table: Table): AsyncGenerator<string> {
    const write = recordWriter(table);
    const records: string[] = [];
    for await (const page of table.pages) for (const row of page) records.push(write(row));
    const { lines = '', failure } = await this.#ask({ array: `[${records}]` });
    if (failure !== undefined) {
      const hint = `it is given the array of all, and map(…) each; ${leftOut}`;
      throw failed('the jq expression fails', failure.reason, hint);
    }
    yield* readable(lines);
  }

  async #ask(task: Task): Promise<Results> {
    const { signal, stderr } = this.#context;
    signal.throwIfAborted();
    this.#worker ??= await this.#start();
    const worker = this.#worker;
    worker.ref();
    const over = new AbortController();
    try {
      const results = await new Promise<Results>((resolve, reject) => {
        const listen = { signal: over.signal };
        signal.addEventListener('abort', () => reject(signal.reason), listen);
        const timer = setTimeout(() => reject(tooSlow(this.#timeoutMs)), this.#timeoutMs);
        over.signal.addEventListener('abort', () => clearTimeout(timer));
        this.#settle = resolve;
        worker.postMessage(task);
      });
      if (results.stderr) stderr.write(`${sanitizeLines(results.stderr)}\n`);
      return results;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      over.abort();
      worker.unref();
    }
  }

  async #start(): Promise<Worker> {
    const { Worker: Thread } = await import('node:worker_threads');
    const worker = new Thread(join(import.meta.dirname, 'jq-worker.js'), {
      workerData: { expression: this.expression },
      // Nothing of ours is in its environment, nor does it write to our streams.
      env: {},
      stdout: true,
      stderr: true,
    });
    worker.on('message', (results: Results) => this.#settle(results));
    // A thread that dies has used up its memory.
    worker.on('error', () => {
      this.#worker = undefined;
      this.#settle({ failure: { reason: 'crashed' } });
    });
    return worker;
  }
}

const chunkSize = 65_536;

/** Results as people and shells read them: strings without quotes, and still one a line. */
function* readable(lines: string): Generator<string> {
  let chunk = '';
  for (let from = 0; from < lines.length; ) {
    const end = lines.indexOf('\n', from);
    const line = lines.slice(from, end);
    chunk += `${line.startsWith('"') ? escapeInRaw(JSON.parse(line)) : safeJson(line)}\n`;
    from = end + 1;
    if (chunk.length < chunkSize) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function notJq(said: string): ExplainedError {
  const [first = ''] = said.replace(/^jq: error: /, '').split('\n');
  return usageError(
    `--jq is no expression of jq: ${first.replace(/ at <top-level>/, '')}`,
    "in a shell it stands in single quotes: --jq '.status'",
    'jq-syntax',
  );
}

const leftOut = 'a ? behind what may fail leaves it out, as in: .tags[]?';

function failed(what: string, reason: string, hint = leftOut): ExplainedError {
  const halted = 'halt would leave the others out: select(…) leaves records out';
  const why = reasonIn(reason);
  return usageError(
    why === undefined ? what : `${what}: ${why}`,
    reason === 'halted' ? halted : hint,
    'jq-failed',
  );
}

function tooSlow(ms: number): ExplainedError {
  return usageError(
    `the jq expression took longer than ${ms / 1000} s`,
    'it may never end; or give it more time: --timeout SECONDS',
    'jq-timeout',
  );
}

const type = '(?:null|boolean|number|string|array|object)';
const reasons: readonly RegExp[] = [
  new RegExp(`Cannot (?:index|iterate over) ${type}`),
  new RegExp(`Cannot check whether ${type} has a ${type} key`),
  /cannot be (?:added|subtracted|multiplied|divided|parsed as a number|matched|sliced|sorted|grouped|reversed|used)/,
  /has no (?:keys|length)/,
  /(?:ex|im)plode input must be an? (?:string|array)/,
  /(?:startswith\(\)|endswith\(\)|strptime\/1|mktime) requires (?:string|array) inputs/,
  /cannot be (?:csv|tsv)-formatted, only array/,
  /cannot have their containment checked/,
  /is not valid base64 data/,
  /slice indices must be integers/,
  /exceeds depth limit for parsing/i,
  /^halted$/,
  /^crashed$/,
];

/** The part of jq's own words that can't hold anything of the record. */
function reasonIn(said: string): string | undefined {
  const bare = said.replace(/^jq: (?:parse )?error(?: \(at [^)]*\))?: /, '');
  const found = reasons.map((reason) => reason.exec(bare)?.[0]).find((it) => it !== undefined);
  if (found === 'crashed') return 'it is nested too deeply, or needs too much memory';
  if (found === 'halted') return 'it stops the program';
  const subject = new RegExp(`^(${type}) \\(`).exec(bare)?.[1];
  return found === undefined || subject === undefined ? found : `${subject} ${found}`;
}
