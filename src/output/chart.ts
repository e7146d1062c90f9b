import { type Capabilities, ellipsisOf } from '../terminal/capabilities.ts';
import { openColors } from '../terminal/colors.ts';
import { sanitizeText } from '../terminal/sanitize.ts';
import { displayWidth, pad, truncate, wrap } from '../terminal/text-width.ts';

export interface Bar {
  readonly label: string;
  readonly count: number;
  /** Set back, since it stands for what is missing. */
  readonly quiet: boolean;
}

/** Bars that are compared with each other, and remarks on what they leave out. */
export interface Chart {
  readonly title: string;
  /** Whether the bars follow time. */
  readonly ordered: boolean;
  readonly bars: readonly Bar[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const indent = '  ';
const gap = '  ';
const widestBar = 60;
const narrowestBar = 8;
const narrowestLabel = 8;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Charts one below the other, their labels and bars aligned; shares are those of `total`. */
export async function drawCharts(
  charts: readonly Chart[],
  total: number,
  terminal: Capabilities,
): Promise<string> {
  const colorize = await openColors(terminal.color);
  const ellipsis = ellipsisOf(terminal);
  const shown = charts.map((chart) => ({
    ...chart,
    bars: chart.bars.map((bar) => ({ ...bar, label: sanitizeText(bar.label) })),
  }));
  const bars = shown.flatMap((chart) => chart.bars);
  const counts = widest(bars.map(({ count }) => countText(count)));
  const shares = widest(bars.map(({ count }) => shareText(count, total)));
  const figures = indent.length + gap.length * 3 + counts + shares;
  const room = Math.max(0, terminal.width - figures);
  const longest = widest(bars.map(({ label }) => label));
  const labels = Math.min(longest, Math.max(narrowestLabel, Math.floor(room / 2)));
  const width = Math.max(narrowestBar, Math.min(widestBar, room - labels));

  const drawBar = ({ label, count, quiet }: Bar, most: number): string => {
    const short = pad(truncate(label, labels, ellipsis), labels);
    const length = most === 0 ? 0 : (count / most) * width;
    const bar = terminal.unicode ? blocks(length) : '#'.repeat(steps(length, 1));
    return [
      indent + colorize(short, quiet ? 'quiet' : undefined),
      colorize(bar, quiet ? 'quiet' : 'accent') + ' '.repeat(width - bar.length),
      pad(countText(count), counts, 'right'),
      colorize(pad(shareText(count, total), shares, 'right'), 'quiet'),
    ].join(gap);
  };

  const remark = (text: string) =>
    wrap(sanitizeText(text), terminal.width - indent.length).map(
      (line) => indent + colorize(line, 'quiet'),
    );

  const drawChart = ({ title, bars: own, before, after }: Chart): string => {
    const most = own.reduce((highest, { count }) => Math.max(highest, count), 0);
    const lines = [
      colorize(title.toUpperCase(), 'heading'),
      ...before.flatMap(remark),
      ...own.map((bar) => drawBar(bar, most)),
      ...after.flatMap(remark),
    ];
    return lines.map((line) => `${line}\n`).join('');
  };

  return shown.map(drawChart).join('\n');
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
}

function countText(count: number): string {
  return count.toLocaleString('en');
}

function shareText(count: number, total: number): string {
  const share = total === 0 ? 0 : (count / total) * 100;
  return share > 0 && share < 0.05 ? '<0.1%' : `${share.toFixed(1)}%`;
}

function blocks(length: number): string {
  const steps8 = steps(length, 8);
  return '█'.repeat(steps8 >> 3) + eighths[steps8 & 7];
}

/** What is there at all must be seen. */
function steps(length: number, inOne: number): number {
  return length > 0 ? Math.max(1, Math.round(length * inOne)) : 0;
}
