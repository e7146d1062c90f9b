import { type Command, Option } from 'commander';
import type { Perform } from './perform.ts';

/** Declares `auth` and its verbs. */
export function declareAuth(program: Command, perform: Perform): void {
  const auth = program.command('auth').description('sign in and out');
  auth
    .command('login')
    .description('store a token, after checking it with one call')
    .addOption(new Option('--with-token', 'read the token from standard input').default(false))
    .addOption(new Option('--no-verify', 'store the token without checking it'))
    .action(perform(() => import('./auth/login.ts')));
  auth
    .command('status')
    .description('show profile, host, token and whether the service accepts it')
    .action(perform(() => import('./auth/status.ts')));
  auth
    .command('logout')
    .description("forget the profile's token")
    .action(perform(() => import('./auth/logout.ts')));
}
