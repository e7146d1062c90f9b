import { compactJson } from '../output/json-layout.ts';
import { toStdout } from '../output/stdout.ts';
import type { ServiceRecord } from '../records/record.ts';
import type { Resource } from '../records/resource.ts';
import type { Session } from '../session.ts';
import { cellText } from '../table.ts';
import { localTimes } from '../terminal/local-time.ts';
import { safeJson } from '../terminal/safe-json.ts';
import { sanitizeText } from '../terminal/sanitize.ts';
import { runCommand } from './command.ts';
import type { WatchPlan } from './plan.ts';

export type Deliver = (record: ServiceRecord) => Promise<void>;

/** Where a record goes: a command of the user's, else standard output, a line each. */
export async function openDelivery(plan: WatchPlan, session: Session): Promise<Deliver> {
  const { query, options } = plan;
  if (options.exec !== undefined) {
    const command = options.exec;
    return (record) =>
      runCommand(
        { command, input: `${jsonLine(record)}\n`, timeoutMs: options.execTimeout ?? 60_000 },
        nameOf(record),
        session,
      );
  }
  const { stdout, signal } = session.context;
  const forPeople = stdout.isTTY === true;
  const timeText = localTimes(session.context.now(), query.zone);
  const lines = toStdout(stdout, forPeople, signal);
  return async (record) => {
    const line = forPeople
      ? sanitizeText(peopleLine(record, query.resource, timeText))
      : jsonLine(record);
    await lines.write(`${line}\n`);
    await lines.commit();
  };
}

function jsonLine({ json }: ServiceRecord): string {
  return safeJson(compactJson(json));
}

/** When it was made, who it is, how to reach them. */
function peopleLine(
  record: ServiceRecord,
  { columns }: Resource,
  timeText: (time: string) => string,
): string {
  const read = (name: string) => {
    const column = columns.named.find((each) => each.name === name);
    return column === undefined ? '' : cellText(column.read(record));
  };
  const created = read('created_at');
  const names = ['name', 'phone', 'email', 'platform', 'status', 'last_message'];
  return [timeText(created), ...names.map(read)].filter((text) => text !== '').join('  ');
}

/** Its id, for messages. */
function nameOf({ key, keyless }: ServiceRecord): string {
  return keyless ? 'without an id' : key.replace('\u0001', '');
}
