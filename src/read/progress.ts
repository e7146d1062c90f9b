import type { Tally } from './walk.ts';

export interface Progress {
  readonly tally: Pick<Tally, 'unique' | 'walks'>;
  /** What is read, in the plural. */
  readonly things: string;
  /** How many of them pass the tests that the tool alone makes, where there are some. */
  readonly matching?: number | undefined;
  /** How many there are to read, once that is known. */
  readonly total: number | undefined;
  /** How many of those that were read a run before had fetched. */
  readonly earlier: number;
  readonly elapsedMs: number;
  /** How long the service wants to be left alone. */
  readonly pauseMs: number;
  /** Columns for the line, and whether they can show box drawing. */
  readonly width: number;
  readonly unicode: boolean;
}

/** One line for the person who waits: contacts so far, rate, share, time left, and a bar where there is room. */
export function progressText(progress: Progress): string {
  const { tally, things, matching, total, earlier, elapsedMs, pauseMs } = progress;
  const { unique, walks } = tally;
  const parts = [`${unique.toLocaleString('en')} ${things}`];
  if (matching !== undefined) parts.push(`${matching.toLocaleString('en')} match`);
  const fetched = unique - earlier;
  const rate = (fetched / Math.max(1, elapsedMs)) * 1000;
  if (walks > 1) parts.push(`walk ${walks}, checking that none is missing`);
  else if (fetched > 0 && elapsedMs > 500) {
    parts.push(`${Math.round(rate).toLocaleString('en')}/s`);
  }
  const share = walks === 1 && unique > 0 && total !== undefined ? unique / total : undefined;
  const toGo = share !== undefined && share <= 1 && fetched > 0;
  if (toGo) {
    parts.push(`${Math.floor(share * 100)} %`, `${clock(((total ?? 0) - unique) / rate)} left`);
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
