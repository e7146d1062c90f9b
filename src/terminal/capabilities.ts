import type { Context, Env, Output } from '../context.ts';
import type { Look } from '../output/format.ts';

type ColorLevel = Look['color'];

/** How many colours a stream may be given: decided once, by flag, environment and terminal. */
export function colorLevel(stream: Output, env: Env, wanted: boolean): ColorLevel {
  if (!wanted || env['NO_COLOR']) return 0;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forcedLevel(forced);
  if (stream.isTTY !== true || env['TERM'] === 'dumb') return 0;
  if (/^(truecolor|24bit)$/.test(env['COLORTERM'] ?? '')) return 3;
  return /256color/.test(env['TERM'] ?? '') ? 2 : 1;
}

function forcedLevel(text: string): ColorLevel {
  if (text === '0' || text === 'false') return 0;
  if (text === '2') return 2;
  return text === '3' ? 3 : 1;
}

/** False only where the locale says that it has no Unicode. */
export function showsUnicode(env: Env): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return locale ? /utf-?8/i.test(locale) : env['TERM'] !== 'linux' && env['TERM'] !== 'dumb';
}

export interface LookOptions {
  readonly color: boolean;
  readonly truncate: boolean;
  readonly timeZone: () => string;
}

export function lookOf({ stdout, env, now }: Context, options: LookOptions): Look {
  return {
    width: options.truncate ? widthOf(stdout, env) : Number.POSITIVE_INFINITY,
    color: colorLevel(stdout, env, options.color),
    unicode: showsUnicode(env),
    timeZone: options.timeZone,
    now: now(),
  };
}

function widthOf(stream: Output, env: Env): number {
  const told = Number(env['COLUMNS']);
  return stream.columns || (Number.isInteger(told) && told > 0 ? told : 80);
}

/** Whether a person looks at the stream: a terminal that can redraw a line, and no CI. */
export function isWatched(stream: Output, env: Env): boolean {
  return stream.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb';
}
