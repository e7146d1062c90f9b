import { type Command, Option } from 'commander';
import type { Perform } from '../cli/action.ts';
import { addExamples } from '../cli/examples.ts';

/** Declares `auth` and its verbs. */
export function declareAuth(auth: Command, perform: Perform): void {
  addExamples(auth, ['reekolect auth login', 'reekolect auth status']);
  const login = auth
    .command('login')
    .description('store a token, after checking it with one call')
    .addOption(new Option('--with-token', 'read the token from standard input').default(false))
    .addOption(new Option('--no-verify', 'store the token without checking it'))
    .action(perform(() => import('./auth/login.ts')));
  addExamples(login, [
    'reekolect auth login',
    'reekolect auth login --with-token < token.txt',
    'reekolect auth login --profile work --api-url https://api.example.com',
  ]);
  const status = auth
    .command('status')
    .description('show profile, host, token and whether the service accepts it')
    .action(perform(() => import('./auth/status.ts')));
  addExamples(status, ['reekolect auth status', 'reekolect auth status --profile work']);
  const list = auth
    .command('list')
    .description('show the profiles, their hosts and masked tokens')
    .addOption(new Option('--format <name>', 'how to show them').choices(['table', 'tsv', 'json']))
    .action(perform(() => import('./auth/list.ts')));
  addExamples(list, ['reekolect auth list', 'reekolect auth list --format json']);
  const logout = auth
    .command('logout')
    .description("forget the profile's token")
    .action(perform(() => import('./auth/logout.ts')));
  addExamples(logout, ['reekolect auth logout', 'reekolect auth logout --profile work']);
}
