import type { Noun } from '../cli/verb.ts';
import { count } from './leads/count.ts';
import { exportVerb } from './leads/export.ts';
import { list } from './leads/list.ts';
import { watch } from './leads/watch.ts';

export const leads: Noun = {
  examples: [
    'reekolect leads list --profile sandbox',
    'reekolect leads export --widget @snippet.html -o leads.csv',
  ],
  verbs: [list, exportVerb, count, watch],
};
