import type { Noun } from '../cli/verb.ts';
import { list } from './jobs/list.ts';
import { reset } from './jobs/reset.ts';

export const jobs: Noun = {
  examples: ['reekolect jobs list', 'reekolect jobs reset nightly'],
  verbs: [list, reset],
};
