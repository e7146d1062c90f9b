import type { Json } from '../table.ts';

/** The number that a text is, as people and services write one; undefined for any other text. */
export function readNumber(text: string): number | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** The number that a record holds, also as text; NaN where it is none. */
export function numberIn(item: Json): number {
  if (typeof item === 'number') return item;
  return typeof item === 'string' ? (readNumber(item.trim()) ?? Number.NaN) : Number.NaN;
}
