import type { Context } from '../context.ts';
import { sanitizeText } from './sanitize.ts';
import type { Spinner, SpinnerOptions } from './spinner.ts';

export type LogOptions = Pick<SpinnerOptions, 'quiet' | 'verbose'>;

/** What is said on stderr. A successful run off a terminal says nothing but warnings. */
export class Log {
  readonly #context: Pick<Context, 'stderr'>;
  readonly #options: LogOptions;
  readonly #spinner: Pick<Spinner, 'around'>;

  constructor(
    context: Pick<Context, 'stderr'>,
    options: LogOptions,
    spinner: Pick<Spinner, 'around'>,
  ) {
    this.#context = context;
    this.#options = options;
    this.#spinner = spinner;
  }

  warn(line: string): void {
    if (!this.#options.quiet) this.#write(`warning: ${line}`);
  }

  /** News that scripts want too: dropped by --quiet alone. */
  info(line: string): void {
    if (!this.#options.quiet) this.#write(line);
  }

  /** For people only: dropped off a terminal, where what takes time to say is not even made. */
  status(line: string | (() => string)): void {
    if (this.#options.quiet || this.#context.stderr.isTTY !== true) return;
    this.#write(typeof line === 'string' ? line : line());
  }

  /** What is requested, retried and decided: with --verbose only. */
  debug(line: string): void {
    if (this.#options.verbose) this.#write(`· ${line}`);
  }

  #write(line: string): void {
    this.#spinner.around(() => this.#context.stderr.write(`${sanitizeText(line)}\n`));
  }
}
