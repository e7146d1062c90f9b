import { listingFlags } from '../../cli/listing-flags.ts';
import { isForOne, keysOf } from '../../cli/setting-keys.ts';
import { effectiveOf, typedValue } from '../../cli/setting-values.ts';
import { verb } from '../../cli/verb.ts';
import type { ItemColumn } from '../../output/item-table.ts';
import type { Json } from '../../table.ts';

interface SettingValue {
  readonly key: string;
  readonly value: string | null;
  readonly typed: Json;
  readonly from: string;
}

const columns: readonly ItemColumn<SettingValue>[] = [
  { name: 'key', kind: 'text', read: ({ key }) => key },
  { name: 'value', kind: 'text', read: ({ value }) => value },
  { name: 'from', kind: 'text', read: ({ from }) => from },
];

export const list = verb({
  name: 'list',
  summary: 'show every setting, its value, and where that comes from',
  flags: listingFlags(columns),
  examples: ['reekolect config list', 'reekolect config list --format json'],
  settings: 'lenient',
  async run(options, session, _args, program) {
    const { listItems } = await import('../../cli/listing.ts');
    const { defaults = {} } = session.settings;
    const keys = keysOf(program);
    const rows: SettingValue[] = [];
    for (const key of keys.values()) {
      if (isForOne(key.name) && !Object.hasOwn(defaults, key.name)) continue;
      const { value, from } = (await effectiveOf(key, session)) ?? none;
      const typed = value === null ? null : typedValue(key, value);
      rows.push({ key: key.name, value, typed, from });
    }
    for (const [key, value] of Object.entries(defaults)) {
      if (keys.has(key)) continue;
      rows.push({ key, value: String(value), typed: value, from: 'config (no such setting)' });
    }
    await listItems(columns, rows, options, session, ({ key, typed, from }) =>
      JSON.stringify({ key, value: typed, from }),
    );
  },
});

const none = { value: null, from: 'default: no limit' };
