import { expect, test } from 'vitest';
import { withDashedValues } from '../../src/cli/dashed-values.ts';
import { wholeProgram } from '../../src/program.ts';
import { bodyIn } from '../support/config-folder.ts';
import { runMain } from '../support/context.ts';
import { serve } from '../support/service.ts';

test.each(['-vip', '-quiet', '-Very'])('a value such as %s is one, not -%s', async (value) => {
  const service = await serve();
  const words = ['contacts', 'list', '--tag', value, '--search', value, '--dry-run'];
  const shown = await runMain(words, { service });
  expect(shown).toMatchObject({ exit: 0, stderr: '' });
  expect(bodyIn(shown)).toMatchObject({ tags: [value], searchText: value });
});

test.each([
  ['list --sort -visits', 'list --sort=-visits'],
  ['list -o -v.csv', 'list -o-v.csv'],
  ['list --tag=a -v', 'list --tag=a -v'],
  ['list --all -vq', 'list --all -vq'],
  ['list -qv', 'list -qv'],
  ['get -- --tag -vip', 'get -- --tag -vip'],
])('%s is read as %s', async (line, read) => {
  expect(withDashedValues(line.split(' '), await wholeProgram()).join(' ')).toBe(read);
});
