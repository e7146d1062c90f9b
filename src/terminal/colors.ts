import type { Look } from '../output/format.ts';
import type { Tone } from '../table.ts';

type Paint = (text: string, tone: Tone | 'head' | 'bar' | undefined) => string;

/** Colours text, or leaves it alone where there is no colour; the library is imported only for it. */
export async function openPaint(color: Look['color']): Promise<Paint> {
  if (color === 0) return (text) => text;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: color });
  const paints = {
    head: chalk.bold,
    bar: chalk.cyan,
    good: chalk.green,
    busy: chalk.yellow,
    quiet: chalk.dim,
  };
  return (text, tone) => (tone && text ? paints[tone](text) : text);
}
