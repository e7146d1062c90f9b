import type { Client } from '../api/client.ts';
import type { Listed } from '../api/directory.ts';
import type { GlobalOptions, OutputOptions } from '../cli/flags.ts';
import type { Context } from '../context.ts';
import { checkZone, systemZone } from '../records/dates.ts';
import { connect } from '../session.ts';
import type { Cell, Column } from '../table.ts';
import { Log } from '../terminal/log.ts';
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
  const log = new Log(context, options);
  const otherwise = context.stdout.isTTY === true ? 'table' : 'tsv';
  const plan = fillIn(planOutput(options, otherwise), options, context);
  const picked = pickColumns(columns, options);
  const chosenZone = options.tz === undefined ? undefined : checkZone(options.tz);
  const zone = () => chosenZone ?? systemZone();
  const connection = await connect(options, context, log);
  let found = 0;
  async function* pages() {
    const items = await list(connection.client, context.signal);
    found = items.length;
    yield items.map((item) => columns.map((column) => column.read(item)));
  }
  try {
    log.progress(() => `${things} …`);
    await writeTable(tableOf(picked, pages()), { plan, options, context, log, zone });
    if (found === 0) log.status(`the account has no ${things}`);
  } finally {
    log.hush();
    await connection.close();
  }
}
