import { type FilterOptions, type FilterSet, flagName } from '../records/filter-field.ts';
import { shellLine } from '../terminal/shell.ts';

/** Filters as they would be typed, quoted for a shell. */
export function filterLine(fields: FilterSet, filters: FilterOptions): string {
  return shellLine(
    Object.entries(filters).flatMap(([name, value]) => {
      const field = fields[name];
      if (field === undefined) return [];
      if (typeof value === 'boolean') {
        return [(value ? undefined : field.opposite?.flag) ?? flagName(field)];
      }
      if (Array.isArray(value)) {
        const plain = field.kind === 'tests';
        return value.flatMap((item) =>
          withValue(flagName(field), plain ? item : item.replaceAll(',', '\\,')),
        );
      }
      return withValue(flagName(field), typeof value === 'string' ? value : JSON.stringify(value));
    }),
  );
}

/** A value that looks like a flag must hang on its own. */
function withValue(flag: string, value: string): readonly string[] {
  return value.startsWith('-') ? [`${flag}=${value}`] : [flag, value];
}
