import { expect, test } from 'vitest';
import { Log } from '../../src/terminal/log.ts';
import { FakeOutput } from '../support/context.ts';

const everything = ['warning: w', 'i', 's', '· d'];

test.each([
  ['off a terminal', false, {}, ['warning: w', 'i']],
  ['at a terminal', true, {}, ['warning: w', 'i', 's']],
  ['with --quiet', true, { quiet: true }, []],
  ['with --verbose', true, { verbose: true }, everything],
  ['with both', false, { quiet: true, verbose: true }, ['· d']],
])('%s', (_, isTTY, changed, lines) => {
  const stderr = new FakeOutput(isTTY);
  const options = { quiet: false, verbose: false, color: false, ...changed };
  const log = new Log({ stderr }, options, { around: (write) => write() });
  log.warn('w');
  log.info('i');
  log.status('s');
  log.debug('d');
  expect(stderr.text).toBe(lines.map((line) => `${line}\n`).join(''));
});
