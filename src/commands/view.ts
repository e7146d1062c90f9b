import type { Noun } from '../cli/verb.ts';
import { remove } from './view/delete.ts';
import { list } from './view/list.ts';
import { save } from './view/save.ts';
import { show } from './view/show.ts';

export const view: Noun = {
  examples: ['reekolect view save vip --tag vip --online', 'reekolect contacts list --view vip'],
  verbs: [save, list, show, remove],
};
