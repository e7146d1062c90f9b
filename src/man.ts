/** What the build needs to write the manual page. */
export { manPage } from './cli/help/man.ts';
export { wholeProgram } from './program.ts';
