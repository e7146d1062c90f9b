import type { Tone } from '../table.ts';
import type { ColorLevel } from './capabilities.ts';

export type Style = Tone | 'heading' | 'accent' | 'error';

/** Text in the colours of a style; without one, as it is. */
export type Colorize = (text: string, style?: Style | undefined) => string;

/** Colours text, or leaves it alone at level 0; the library is imported only for colours. */
export async function openColors(level: ColorLevel): Promise<Colorize> {
  if (level === 0) return (text) => text;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level });
  const styles: { readonly [style in Style]: (text: string) => string } = {
    heading: chalk.bold,
    accent: chalk.cyan,
    good: chalk.green,
    busy: chalk.yellow,
    quiet: chalk.dim,
    error: chalk.red,
  };
  return (text, style) => (style && text ? styles[style](text) : text);
}
