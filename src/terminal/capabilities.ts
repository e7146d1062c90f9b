import type { Env, Output } from '../context.ts';

/** 0 none, 1 16 colours, 2 256, 3 true colour: chalk's levels. */
export type ColorLevel = 0 | 1 | 2 | 3;

/** What the terminal that will show the text can do; formats for machines ignore it. */
export interface Capabilities {
  /** Display columns; Infinity never truncates. */
  readonly width: number;
  readonly color: ColorLevel;
  /** False where the locale or TERM cannot show box drawing and ellipsis. */
  readonly unicode: boolean;
}

export interface CapabilityOptions {
  readonly color: boolean;
  readonly truncate: boolean;
}

/** What a stream can show, by flag, environment and terminal. */
export function capabilitiesOf(
  stream: Output,
  env: Env,
  { color, truncate }: CapabilityOptions,
): Capabilities {
  return {
    width: truncate ? widthOf(stream, env) : Number.POSITIVE_INFINITY,
    color: colorLevel(stream, env, color),
    unicode: showsUnicode(env),
  };
}

/** How many colours a stream may be given; `color` is false for --no-color. */
export function colorLevel(stream: Output, env: Env, color: boolean): ColorLevel {
  if (!color || env['NO_COLOR']) return 0;
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

/** What is cut off, or stands for it. */
export function ellipsisOf({ unicode }: Capabilities): string {
  return unicode ? '…' : '...';
}

/** Columns of the terminal, 80 where none says. */
export function widthOf(stream: Output, env: Env): number {
  const columns = Number(env['COLUMNS']);
  return stream.columns || (Number.isInteger(columns) && columns > 0 ? columns : 80);
}

/** Whether a person looks at the stream: a terminal that can redraw a line, and no CI. */
export function isInteractive(stream: Output, env: Env): boolean {
  return stream.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb';
}
