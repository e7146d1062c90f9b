import { InvalidArgumentError } from 'commander';
import { usageError } from '../errors.ts';
import { isId } from '../records/filter-field.ts';
import type { Session } from '../session.ts';
import { textOrFile } from './filter-flags.ts';
import { ImpliedFlag, type OptionsOf, valueFlag } from './flag.ts';

const group = 'Bot';

/** The flags that name a bot on a website, for the commands that ask about its leads. */
export const botFlags = {
  bot: valueFlag('--bot <id>', 'the bot, 24 hexadecimal digits', {
    group,
    stored: {},
    parse: hexId,
    implies: { botTyped: true },
  }),
  customer: valueFlag('--customer <id>', 'the customer that it belongs to', {
    group,
    stored: {},
    parse: hexId,
    implies: { customerTyped: true },
  }),
  widget: valueFlag('--widget <text|@file>', 'both ids from the pasted snippet or page address', {
    group,
    conflicts: ['bot', 'customer'],
  }),
  botTyped: new ImpliedFlag<true>('botTyped'),
  customerTyped: new ImpliedFlag<true>('customerTyped'),
};

function hexId(text: string): string {
  const id = text.trim();
  if (isId(id)) return id;
  throw new InvalidArgumentError(
    'expected an id, 24 hexadecimal digits, as in the snippet of the widget',
  );
}

interface Bot {
  readonly bot: string;
  readonly customer: string;
}

const pair = /([0-9a-f]{24})\s*(?:,|\/|%2c|%2f)\s*([0-9a-f]{24})/i;

/** The bot that flags, the pasted widget or stored defaults name; undefined where none does. */
export async function botOf(
  { bot, customer, widget, botTyped, customerTyped }: OptionsOf<typeof botFlags>,
  session: Session,
): Promise<Bot | undefined> {
  if (widget !== undefined) return readWidget(await textOrFile('--widget', widget, session));
  if (!session.sandboxed) {
    return bot === undefined || customer === undefined ? undefined : { bot, customer };
  }
  // What is stored is of another account.
  const { bots, customerId } = await import('../sandbox/account.ts');
  return {
    bot: (botTyped && bot) || (bots.website[0]?._id ?? ''),
    customer: (customerTyped && customer) || customerId,
  };
}

/** The same, where a bot has to be named. */
export async function neededBot(
  options: OptionsOf<typeof botFlags>,
  session: Session,
): Promise<Bot> {
  const found = await botOf(options, session);
  if (found !== undefined) return found;
  const missing = (['bot', 'customer'] as const).filter((name) => options[name] === undefined);
  throw usageError(
    `whose leads? ${missing.map((name) => `--${name}`).join(' and ')} must be given`,
    'both ids stand in the snippet of the widget: --widget TEXT|@FILE; to keep one: reekolect config set bot ID',
    'no-bot',
  );
}

/** `<script …>BotId,CustomerId</script>`, or an address that ends in /BotId/CustomerId. */
function readWidget(text: string): Bot {
  const [, bot, customer] = pair.exec(text) ?? [];
  if (bot !== undefined && customer !== undefined) return { bot, customer };
  throw usageError(
    '--widget holds no two ids',
    'paste <script …>BotId,CustomerId</script> whole, or the address of the bot: …/BotId/CustomerId',
    'bad-widget',
  );
}
