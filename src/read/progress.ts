import type { Tally } from './walk.ts';

export interface Progress {
  readonly tally: Tally;
  /** What is read, in the plural. */
  readonly things: string;
  /** How many there are to read, once that is known. */
  readonly total: number | undefined;
  readonly elapsedMs: number;
  /** How long the service wants to be left alone. */
  readonly pauseMs: number;
}

/** One line for the person who waits: contacts so far, rate, share and time left. */
export function progressText({ tally, things, total, elapsedMs, pauseMs }: Progress): string {
  const { unique, walks } = tally;
  const parts = [`${unique.toLocaleString('en')} ${things}`];
  const rate = (unique / Math.max(1, elapsedMs)) * 1000;
  if (walks > 1) parts.push(`walk ${walks}, checking that none is missing`);
  else if (unique > 0 && elapsedMs > 500) parts.push(`${Math.round(rate).toLocaleString('en')}/s`);
  if (walks === 1 && total !== undefined && unique > 0 && total >= unique) {
    parts.push(`${Math.floor((unique / total) * 100)} %`, `${clock((total - unique) / rate)} left`);
  }
  if (pauseMs > 1000) parts.push(`the service asks to wait ${clock(pauseMs / 1000)}`);
  return parts.join(' · ');
}

/** Seconds as minutes and seconds, with hours where there are some. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  const rest = String(whole % 60).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}
