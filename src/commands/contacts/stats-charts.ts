import { type Chart, drawCharts } from '../../output/chart.ts';
import type { NamesById } from '../../records/columns.ts';
import type { Count, Counter, Grouping } from '../../records/contacts/group-by.ts';
import type { Capabilities } from '../../terminal/capabilities.ts';

export interface StatsLook {
  readonly total: number;
  /** Whether long charts are drawn in full. */
  readonly all: boolean;
  readonly terminal: Capabilities;
  /** What agents and segments are called. */
  readonly names: ReadonlyMap<string, NamesById>;
}

const mostBars = 20;

/** The counts as bar charts; a long one is cut, and says so. */
export async function drawStats(
  counters: readonly Counter[],
  { total, all, terminal, names }: StatsLook,
): Promise<string> {
  const head = `${contacts(total)}\n`;
  if (total === 0) return head;
  const most = all ? Number.POSITIVE_INFINITY : mostBars;
  const charts = counters.map((counter) => chartOf(counter, total, most, names));
  return `${head}\n${await drawCharts(charts, total, terminal)}`;
}

export interface PictureFacts extends Omit<StatsLook, 'terminal'> {
  readonly form: 'svg' | 'html';
  /** What was asked, in which zone and when. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** The counts as a picture, or as a page of pictures and tables. */
export async function pictureStats(
  counters: readonly Counter[],
  { total, all, names, form, facts }: PictureFacts,
): Promise<string> {
  const most = all ? Number.POSITIVE_INFINITY : mostBars;
  const charts = counters.map((counter) => chartOf(counter, total, most, names));
  if (form === 'svg') return (await import('../../output/picture.ts')).drawPicture(charts, true);
  const { htmlReport } = await import('../../output/report.ts');
  return htmlReport(charts, { title: contacts(total), facts, total });
}

/** One and several of what a counter counts by. */
const words: { readonly [by in Grouping]: readonly [string, string] } = {
  status: ['status', 'statuses'],
  platform: ['platform', 'platforms'],
  tag: ['tag', 'tags'],
  country: ['country', 'countries'],
  agent: ['agent', 'agents'],
  segment: ['segment', 'segments'],
  'created:day': ['day', 'days'],
  'created:week': ['week', 'weeks'],
  'created:month': ['month', 'months'],
};

function chartOf(counter: Counter, total: number, most: number, names: StatsLook['names']): Chart {
  const { by, ordered } = counter;
  const counts = [...counter.counts()];
  // The newest periods are kept; what has no time comes after them.
  const known = counts.filter((count) => count.known);
  const cut = ordered ? known.slice(0, Math.max(0, known.length - most)) : counts.slice(most);
  const shown = ordered ? counts.slice(cut.length) : counts.slice(0, most);
  const [thing, things] = words[by];
  const more = `${number(cut.length)} ${ordered ? 'earlier' : 'more'} ${cut.length === 1 ? thing : things}`;
  const note = cut.length === 0 ? [] : [`${more} with ${contacts(sumOf(cut))}; --all shows them`];
  const shared =
    sumOf(counts) > total ? [`a contact with several ${things} counts under each`] : [];
  return {
    title: (by.charAt(0).toUpperCase() + by.slice(1)).replace(':', ' by '),
    ordered,
    bars: shown.map(({ value, count, known: named }) => ({
      label: names.get(by)?.get(value) ?? value,
      count,
      quiet: !named,
    })),
    before: ordered ? note : [],
    after: [...(ordered ? [] : note), ...shared],
  };
}

function sumOf(counts: readonly Count[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

function contacts(count: number): string {
  return `${number(count)} contact${count === 1 ? '' : 's'}`;
}

function number(count: number): string {
  return count.toLocaleString('en');
}
