import type { Noun } from '../cli/verb.ts';
import { get } from './config/get.ts';
import { list } from './config/list.ts';
import { path } from './config/path.ts';
import { set } from './config/set.ts';
import { unset } from './config/unset.ts';

export const config: Noun = {
  examples: [
    'reekolect config set timeout 60',
    'reekolect config set columns name,phone,tags',
    'reekolect config set contacts.export.format ndjson',
    'reekolect config list',
  ],
  verbs: [list, get, set, unset, path],
};
