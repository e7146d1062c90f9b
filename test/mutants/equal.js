/**
 * Mutants that do what the original does, by file: how the line reads then, and why nobody could
 * tell. A run tells which of them it no longer finds.
 */
export const equal = {
  'src/records/filter-field.ts': {
    'flag: (typed === false ? field.opposite.flag : undefined) ?? flagName(field),':
      'only a filter with an opposite is ever false',
    'if (known?.instant !== undefined && known.instant > from) return filter;':
      'from the same instant on is the same filter',
    'const window = fields[start.name].window;': 'conditions are made of these fields',
    'const other = fields[name].window;': 'conditions are made of these fields',
    "return other.of === window.of && other.edge === 'end';":
      'the start of the window is found before another field is asked',
    'if (false || end?.instant === undefined) continue;': 'what has a window is a date',
  },
};
