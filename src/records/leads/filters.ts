import { usageError } from '../../errors.ts';
import { type FilterField, isId } from '../filter-field.ts';
import { testsField } from '../filter-kinds.ts';

export const leadTypes = ['lead', 'non-lead', 'all'] as const;

export type LeadType = (typeof leadTypes)[number];

/** Whose leads are asked for, and which of them: the service knows no other filter. */
export const leadFilters = {
  bot: idField('--bot <id>', 'the bot', 'botId'),
  customer: idField('--customer <id>', 'the customer of the bot', 'customerId'),
  type: {
    kind: 'text',
    flag: '--type <type>',
    help: `${leadTypes.join(', ')}`,
    completion: leadTypes,
    settle: (type: string) => type,
    body: (type: string) => ({ type }),
  } as FilterField<'text', string>,
  where: testsField('--where <test>', "any column, repeatable: 'country=India', '!phone'"),
} as const;

function idField(flag: string, help: string, parameter: string): FilterField<'text', string> {
  const [name] = flag.split(' ');
  const settle = (text: string) => {
    const id = text.trim();
    if (isId(id)) return id.toLowerCase();
    throw usageError(
      `${name} takes an id, 24 hexadecimal digits: ${text}`,
      'both ids stand in the snippet of the widget, which --widget takes whole',
    );
  };
  return { kind: 'text', flag, help, completion: [], settle, body: (id) => ({ [parameter]: id }) };
}
