/** What the build needs to write the manual page. */
export { manPage } from './commands/help/man.ts';
export { buildProgram } from './program.ts';
