import type { Ora } from 'ora';
import type { Context } from '../context.ts';
import { colorLevel, isInteractive, showsUnicode, widthOf } from './capabilities.ts';

export interface SpinnerOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** What the line that shows a text can hold. */
export interface LineSpace {
  /** Columns of the terminal. */
  readonly width: number;
  readonly unicode: boolean;
}

type Text = (space: LineSpace) => string;

// What is quicker than this draws nothing; the first frame must be there after 100 ms.
const delayMs = 30;
const updateMs = 100;

/** Progress on stderr, where a person looks. Nothing of it outlives `end`. */
export class Spinner {
  readonly #context: Pick<Context, 'stderr' | 'env'>;
  readonly #options: SpinnerOptions;
  readonly #load: () => Promise<Pick<typeof import('ora'), 'default'>>;
  #ora: Ora | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The text being shown; what was started for another one must not go on. */
  #text: Text | undefined;

  constructor(
    context: Pick<Context, 'stderr' | 'env'>,
    options: SpinnerOptions,
    load: () => Promise<Pick<typeof import('ora'), 'default'>> = () => import('ora'),
  ) {
    this.#context = context;
    this.#options = options;
    this.#load = load;
  }

  /** Whether there is a person to tell: a terminal, without --quiet, and without --verbose, which tells more. */
  get interactive(): boolean {
    const { stderr, env } = this.#context;
    const { quiet, verbose } = this.#options;
    return !quiet && !verbose && isInteractive(stderr, env);
  }

  /** Shows `text()`, asked for again and again, until `end` or another `show`. */
  show(text: Text): void {
    this.end();
    if (!this.interactive) return;
    this.#text = text;
    // A run must not fail for its progress.
    this.#timer = setTimeout(() => void this.#start(text).catch(() => {}), delayMs).unref();
  }

  /** Ends the progress and leaves the line clean. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#text = undefined;
    this.#ora?.stop();
    this.#ora = undefined;
  }

  /** Leaves the line clean until the next frame is drawn. */
  clear(): void {
    this.#ora?.clear();
  }

  /** Writes something else to stderr, on a line of its own above the progress. */
  around(write: () => void): void {
    this.#ora?.clear();
    write();
    this.#ora?.render();
  }

  async #start(text: Text): Promise<void> {
    const { stderr, env } = this.#context;
    const { default: ora } = await this.#load();
    // Ended, or shown anew, while the library was loading.
    if (this.#text !== text) return;
    const now = () => text({ width: widthOf(stderr, env), unicode: showsUnicode(env) });
    const spinner = ora({
      text: now(),
      stream: stderr as NodeJS.WriteStream,
      color: colorLevel(stderr, env, this.#options.color) > 0 ? 'cyan' : false,
      spinner: showsUnicode(env) ? 'dots' : 'line',
      isEnabled: true,
      discardStdin: false,
      hideCursor: false,
    }).start();
    this.#ora = spinner;
    this.#timer = setInterval(() => {
      spinner.text = now();
    }, updateMs).unref();
  }
}
