import type { Tally } from './tally.ts';

export interface Progress {
  readonly tally: Pick<Tally, 'unique' | 'walks'>;
  /** What is read, in the plural. */
  readonly things: string;
  /** How many of them pass the tests that the tool alone makes, where there are some. */
  readonly matching?: number | undefined;
  /** How many there are to read, once that is known; `rough` where that may be far off. */
  readonly total: { readonly count: number; readonly rough: boolean } | undefined;
  /** How many are read a second, once that is known. */
  readonly rate: number | undefined;
  /** How long the service wants to be left alone. */
  readonly pauseMs: number;
  /** Columns for the line, and whether they can show box drawing. */
  readonly width: number;
  readonly unicode: boolean;
}

/** One line for the person who waits: contacts so far, rate, share, time left, and a bar where there is room. */
export function progressText(progress: Progress): string {
  const { tally, things, matching, total, rate, pauseMs } = progress;
  const { unique, walks } = tally;
  const parts = [`${unique.toLocaleString('en')} ${things}`];
  if (matching !== undefined) parts.push(`${matching.toLocaleString('en')} match`);
  if (walks > 1) parts.push(`walk ${walks}, checking that none is missing`);
  else if (rate !== undefined) parts.push(`${Math.round(rate).toLocaleString('en')}/s`);
  const share = total !== undefined && walks <= 1 && unique > 0 ? unique / total.count : undefined;
  const toGo = share !== undefined && share <= 1;
  if (toGo) {
    const about = total?.rough ? '~' : '';
    parts.push(`${about}${Math.floor(share * 100)} %`);
    if (rate !== undefined) parts.push(`${about}${clock((unique / share - unique) / rate)} left`);
  }
  if (pauseMs > 1000) parts.push(`the service asks to wait ${clock(pauseMs / 1000)}`);
  const text = parts.join(' · ');
  return toGo ? withBar(text, share, progress) : text;
}

const barCells = { most: 30, least: 10 };

/** What the spinner takes of the line, and a column at its end, where some terminals wrap. */
const besideText = 4;

function withBar(text: string, share: number, { width, unicode }: Progress): string {
  const room = Math.min(barCells.most, width - text.length - besideText);
  if (room < barCells.least) return text;
  const [done, open] = unicode ? ['█', '░'] : ['#', '.'];
  const cells = Math.floor(share * room);
  return `${text} ${done.repeat(cells)}${open.repeat(room - cells)}`;
}

/** Seconds as minutes and seconds, with hours where there are some. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  const rest = String(whole % 60).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}
