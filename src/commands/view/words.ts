import type { FilterFlags } from '../../records/contacts/filters.ts';
import type { Json } from '../../table.ts';
import { shellLine } from '../../terminal/shell.ts';

/** Filter flags as they would be typed, quoted for a shell. */
export function flagLine(flags: FilterFlags): string {
  return shellLine(Object.entries(flags).flatMap(([field, value]) => wordsFor(field, value)));
}

function wordsFor(field: string, value: Json): readonly string[] {
  const name = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
  if (Array.isArray(value)) {
    return value.flatMap((item) => withValue(name, String(item).replaceAll(',', '\\,')));
  }
  return withValue(name, typeof value === 'string' ? value : JSON.stringify(value));
}

/** A value that looks like a flag must hang on its own. */
function withValue(name: string, value: string): readonly string[] {
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}
