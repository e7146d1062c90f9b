import type { Noun } from '../cli/verb.ts';
import { list } from './auth/list.ts';
import { login } from './auth/login.ts';
import { logout } from './auth/logout.ts';
import { status } from './auth/status.ts';
import { switchTo } from './auth/switch.ts';

export const auth: Noun = {
  examples: ['reekolect auth login', 'reekolect auth status'],
  verbs: [login, status, list, switchTo, logout],
};
