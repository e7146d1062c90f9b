import type { Client } from '../api/client.ts';
import type { Listed } from '../api/names.ts';
import { checkZone, systemZone } from '../contacts/dates.ts';
import type { Context } from '../context.ts';
import type { Cell, Column } from '../table.ts';
import { Voice } from '../terminal/voice.ts';
import { connect } from './connect.ts';
import type { GlobalOptions, OutputOptions } from './flags.ts';
import { fillIn, planOutput } from './output.ts';
import { pickColumns, tableOf } from './pick-columns.ts';
import { writeTable } from './write-table.ts';

export interface ListNamedOptions extends GlobalOptions, OutputOptions {}

/** A column of what has a name and an id: a segment, an agent. */
export interface NamedColumn extends Column {
  readonly read: (item: Listed) => Cell;
}

/** A list of things with names, of one kind. */
export interface NamedList {
  readonly things: string;
  readonly columns: readonly NamedColumn[];
  readonly list: (client: Client, signal: AbortSignal) => Promise<readonly Listed[]>;
}

/** Shows what the service lists: a table for people, tab-separated values for pipes. */
export async function listNamed(
  { things, columns, list }: NamedList,
  options: ListNamedOptions,
  context: Context,
): Promise<void> {
  const voice = new Voice(context, options);
  const otherwise = context.stdout.isTTY === true ? 'table' : 'tsv';
  const plan = fillIn(planOutput(options, otherwise), options, context);
  const picked = pickColumns(columns, options);
  const chosenZone = options.tz === undefined ? undefined : checkZone(options.tz);
  const zone = () => chosenZone ?? systemZone();
  const connection = await connect(options, context, voice);
  let found = 0;
  async function* pages() {
    const items = await list(connection.client, context.signal);
    found = items.length;
    yield items.map((item) => columns.map((column) => column.read(item)));
  }
  try {
    voice.progress(() => `${things} …`);
    await writeTable(tableOf(picked, pages()), { plan, options, context, voice, zone });
    if (found === 0) voice.say(`the account has no ${things}`);
  } finally {
    voice.hush();
    await connection.close();
  }
}
