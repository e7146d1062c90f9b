import type { Command } from 'commander';
import type { Env } from '../../context.ts';
import type { FilterFlags } from '../../records/contacts/filters.ts';
import type { Settings } from '../../state/settings.ts';
import { readView } from './stored.ts';

/** Adds the filters of --view to a command's flags; what the command line says wins, field by field. */
export function applyView(command: Command, settings: Settings, env: Env): void {
  const { view: name } = command.opts<{ view?: string }>();
  if (name === undefined) return;
  const view = readView(name, settings, env);
  const said = (attribute: string) => command.getOptionValueSource(attribute) === 'cli';
  for (const [field, value] of Object.entries(view)) {
    if (!said(field) && !overruled(field as keyof FilterFlags, command, said)) {
      command.setOptionValueWithSource(field, value, 'config');
    }
  }
}

/** Two flags may speak of one field of the filter: --no-ordered takes away a view's --ordered-after. */
function overruled(
  field: keyof FilterFlags,
  command: Command,
  said: (attribute: string) => boolean,
): boolean {
  if (field === 'allChats') return said('contactsOnly');
  if (field === 'ordered') return said('orderedAfter');
  return field === 'orderedAfter' && said('ordered') && command.opts()['ordered'] === false;
}
