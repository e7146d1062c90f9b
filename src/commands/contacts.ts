import type { Noun } from '../cli/verb.ts';
import { count } from './contacts/count.ts';
import { exportVerb } from './contacts/export.ts';
import { get } from './contacts/get.ts';
import { list } from './contacts/list.ts';
import { stats } from './contacts/stats.ts';
import { sync } from './contacts/sync.ts';
import { watch } from './contacts/watch.ts';

export const contacts: Noun = {
  examples: ['reekolect contacts list --tag vip', 'reekolect contacts export -o contacts.csv'],
  verbs: [list, exportVerb, count, get, stats, sync, watch],
};
