import type { Ora } from 'ora';
import type { Context } from '../context.ts';
import { colorLevel, isWatched, showsUnicode } from './capabilities.ts';
import { sanitizeText } from './sanitize.ts';

export interface LogOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** What is said on stderr. A successful run off a terminal says nothing but warnings. */
export class Log {
  readonly #context: Context;
  readonly #options: LogOptions;
  #spinner: Ora | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: Context, options: LogOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Whether there is a person to tell: a terminal, without --quiet. */
  get watched(): boolean {
    const { stderr, env } = this.#context;
    return !this.#options.quiet && isWatched(stderr, env);
  }

  warn(line: string): void {
    if (!this.#options.quiet) this.#line(`warning: ${line}`);
  }

  /** News that scripts want too: dropped by --quiet alone. */
  info(line: string): void {
    if (!this.#options.quiet) this.#line(line);
  }

  /** For people only: dropped off a terminal. */
  status(line: string): void {
    if (!this.#options.quiet && this.#context.stderr.isTTY === true) this.#line(line);
  }

  /** What is requested, retried and decided: with --verbose only. */
  debug(line: string): void {
    if (this.#options.verbose) this.#line(`· ${line}`);
  }

  /** Shows `text()` as progress until `hush`, where a person looks; what is quick draws nothing. */
  progress(text: () => string): void {
    if (!this.watched || this.#options.verbose) return;
    this.#timer = setTimeout(() => void this.#draw(text), 30);
  }

  /** Ends the progress and leaves the line clean. */
  hush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#spinner?.stop();
    this.#spinner = undefined;
  }

  async #draw(text: () => string): Promise<void> {
    const { stderr, env } = this.#context;
    const { default: ora } = await import('ora');
    if (this.#timer === undefined) return;
    const unicode = showsUnicode(env);
    const spinner = ora({
      text: text(),
      stream: stderr as NodeJS.WriteStream,
      color: colorLevel(stderr, env, this.#options.color) > 0 ? 'cyan' : false,
      spinner: unicode ? 'dots' : 'line',
      isEnabled: true,
      discardStdin: false,
      hideCursor: false,
    }).start();
    this.#spinner = spinner;
    this.#timer = setInterval(() => {
      spinner.text = text();
    }, 100).unref();
  }

  #line(text: string): void {
    this.#spinner?.clear();
    this.#context.stderr.write(`${sanitizeText(text)}\n`);
  }
}
