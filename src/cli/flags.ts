import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { errnoOf, localError, usageError } from '../errors.ts';
import type { Json } from '../table.ts';
import { Setting } from './stored-option.ts';

/** Flags that every command knows. */
export interface GlobalOptions {
  readonly profile?: string;
  readonly apiUrl?: string;
  readonly timeout: number;
  readonly maxAttempts: number;
  readonly concurrency: number | 'auto';
  readonly rate?: number;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  readonly input: boolean;
  readonly errors: 'text' | 'json';
}

export interface OutputOptions {
  readonly format?: string;
  readonly output?: string;
  readonly columns?: readonly string[];
  readonly header: boolean;
  readonly excel: boolean;
  readonly guard: boolean;
  readonly vcard: '3.0' | '4.0';
  readonly tz?: string;
}

export interface RequestOptions {
  readonly dryRun: boolean;
  readonly trustServer: boolean;
}

export function addGlobalFlags(program: Command): Command {
  return program
    .addOption(
      new Setting(
        '--profile <name>',
        'use the token and host of this profile; sandbox is built in',
        { variables: ['REEKOLECT_PROFILE'] },
      ),
    )
    .addOption(
      new Setting('--api-url <url>', "the service's address", {
        variables: ['REEKOLECT_API_URL'],
      }),
    )
    .addOption(
      new Setting('--timeout <seconds>', 'wait this long for an answer')
        .argParser(positive)
        .default(30),
    )
    .addOption(
      new Setting('--max-attempts <n>', 'ask this often before giving up')
        .argParser(countingFrom(1))
        .default(5),
    )
    .addOption(
      new Setting('--concurrency <n>', 'pages under way at once: auto, or a number')
        .argParser(concurrency)
        .default('auto'),
    )
    .addOption(new Setting('--rate <n>', 'requests a second at the most').argParser(positive))
    .addOption(new Setting('-q, --quiet', 'no warnings and no progress').default(false))
    .addOption(
      new Setting('-v, --verbose', 'say what is requested, retried and decided').default(false),
    )
    .addOption(new Setting('--no-color', 'no colours', { variables: ['NO_COLOR', 'FORCE_COLOR'] }))
    .addOption(new Setting('--no-input', 'never ask; fail instead'))
    .addOption(
      new Option('--errors <form>', 'errors as text or as one JSON object')
        .choices(['text', 'json'])
        .default('text'),
    );
}

export function addFilterFlags(command: Command): Command {
  command.optionsGroup?.('Filters:');
  command.addOption(
    new Option('--view <name>', 'start from a saved view; filters given beside it win'),
  );
  const list = (flags: string, text: string) =>
    command.addOption(new Option(flags, text).argParser(collect));
  const yesNo = (name: string, yes: string, no: string) => {
    command.addOption(new Option(`--${name}`, yes));
    command.addOption(new Option(`--no-${name}`, no).default(undefined));
  };
  const one = (flags: string, text: string) => command.addOption(new Option(flags, text));
  one('--search <text>', 'name, e-mail or phone contains this');
  list('--tag <name>', 'has this tag');
  list('--status <s>', 'OPEN, INPROGRESS, REVIEW, ONHOLD, DEPENDANCY, CLOSED, or one of your own');
  yesNo('online', 'is online', 'is not online');
  yesNo('interacted', 'has written to a bot', 'has not written');
  yesNo('live-chat', 'is in a live chat', 'is in no live chat');
  yesNo('ordered', 'has ordered', 'has not ordered');
  one('--ordered-after <date>', 'has ordered since (implies --ordered)');
  one('--created-after <date>', 'created at or after');
  one('--created-before <date>', 'created before');
  one('--seen-after <date>', 'last seen at or after');
  one('--seen-before <date>', 'last seen before');
  list('--segment <id|name>', 'is in this segment');
  list('--agent <id|name>', 'is assigned to this agent');
  list('--bot-website <id>', 'came by this website bot');
  list('--bot-whatsapp <id>', 'came by this WhatsApp bot');
  list('--bot-telegram <id>', 'came by this Telegram bot');
  list('--bot-facebook <id>', 'came by this Facebook bot');
  list('--last-message-by <who>', 'the last message is by user, bot, …');
  one('--contacts-only', 'contacts only (default)').addOption(
    new Option('--all-chats', 'visitors too').conflicts('contactsOnly'),
  );
  command.addOption(
    new Option('--body <json|@file>', 'merge this JSON object over the request').argParser(
      bodyJson,
    ),
  );
  return command;
}

export function addRequestFlags(command: Command): Command {
  command.optionsGroup?.('Request:');
  return addZoneFlag(command)
    .addOption(new Option('--trust-server', 'keep rows that break a filter').default(false))
    .addOption(new Option('--dry-run', 'print the request and send nothing').default(false));
}

export function addZoneFlag(command: Command): Command {
  return command.addOption(
    new Setting(
      '--tz <zone>',
      "zone of dates without one, e.g. Africa/Johannesburg (default: the system's)",
      {
        variables: ['TZ'],
        check: async (zone: string) => (await import('../records/dates.ts')).checkZone(zone),
      },
    ),
  );
}

/** The flags of a command that writes a table; `columns` where it is not one of any contacts. */
export function addOutputFlags(command: Command, columns = contactColumns(command)): Command {
  command.optionsGroup?.('Output:');
  return command
    .addOption(
      new Setting(
        '--format <name>',
        'table, tsv, csv, json, ndjson, markdown, vcf, xlsx, parquet',
        {
          // An extension says what a file is to be, and scripts count on what export writes.
          yieldsTo: 'output',
          alone: command.name() === 'export',
          check: (name: string) => checkShown(command, 'format', [name]),
        },
      ),
    )
    .addOption(
      new Option(
        '-o, --output <file>',
        'write this file, in the format of its extension; - is stdout',
      ),
    )
    .addOption(columns)
    .addOption(new Setting('--no-header', 'no header row'))
    .addOption(
      new Setting('--excel', 'csv that Excel opens well: BOM, CRLF, phones as text').default(false),
    )
    .addOption(
      new Setting('--no-guard', 'do not guard cells that spreadsheets would run as formulas'),
    )
    .addOption(
      new Setting('--vcard <version>', 'version of the cards in vcf; Outlook reads 3.0')
        .choices(['3.0', '4.0'])
        .default('4.0'),
    );
}

/** A default for what is shown must suit standard output too, but for export. */
async function checkShown(
  command: Command,
  kind: 'format' | 'columns',
  names: readonly string[],
): Promise<void> {
  const { checkColumns, checkFormat } = await import('../commands/config/check.ts');
  const toFile = command.name() === 'export';
  if (kind === 'columns') checkColumns(names, toFile);
  else for (const name of names) checkFormat(name, toFile);
}

/** A flag for columns of which no default is stored, since other commands have others. */
export function ownColumns(text: string): Option {
  return new Option('--columns <names>', text).argParser(collect);
}

function contactColumns(command: Command): Option {
  return new Setting(
    '--columns <names>',
    'columns to show, e.g. name,phone,attr.city,.profile.notes',
    {
      check: (names: readonly string[]) => checkShown(command, 'columns', names),
    },
  ).argParser(collect);
}

/** Splits at commas, `\,` being a comma, and adds to what earlier uses of the flag brought. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  const items = text.match(/(?:\\,|[^,])+/g) ?? [''];
  return [...before, ...items.map((item) => item.replaceAll('\\,', ',').trim())];
}

export function positive(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number <= 0) {
    throw new InvalidArgumentError('Expected a number above 0.');
  }
  return number;
}

export function countingFrom(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least) {
      throw new InvalidArgumentError(`Expected a whole number from ${least}.`);
    }
    return number;
  };
}

function concurrency(text: string): number | 'auto' {
  return text === 'auto' ? text : countingFrom(1)(text);
}

function bodyJson(text: string): { readonly [field: string]: Json } {
  const json = text.startsWith('@') ? readBodyFile(text.slice(1)) : text;
  let body: unknown;
  try {
    body = JSON.parse(json);
  } catch (error) {
    throw usageError(
      `--body is not JSON: ${(error as Error).message}`,
      `example: --body '{"isSubscriber":true}'`,
    );
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
    return body as { readonly [field: string]: Json };
  }
  throw usageError('--body is not a JSON object', `example: --body '{"isSubscriber":true}'`);
}

function readBodyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw localError(
      'body-file',
      `--body @${file} can't be read (${errnoOf(error)})`,
      'check the path',
    );
  }
}
