import { expect, test } from 'vitest';
import { capabilitiesOf, isInteractive } from '../../src/terminal/capabilities.ts';
import { FakeOutput } from '../support/context.ts';

const terminal = new FakeOutput(true, 100);
const pipe = new FakeOutput(false);
const wanted = { color: true, truncate: true };

test.each([
  ['a terminal', terminal, { TERM: 'xterm' }, wanted, 1],
  ['256 colours', terminal, { TERM: 'xterm-256color' }, wanted, 2],
  ['true colour', terminal, { COLORTERM: 'truecolor' }, wanted, 3],
  ['a pipe', pipe, {}, wanted, 0],
  ['a pipe that is forced', pipe, { FORCE_COLOR: '1' }, wanted, 1],
  ['NO_COLOR', terminal, { NO_COLOR: '1', FORCE_COLOR: '3' }, wanted, 0],
  ['--no-color', terminal, { FORCE_COLOR: '3' }, { ...wanted, color: false }, 0],
  ['a dumb terminal', terminal, { TERM: 'dumb' }, wanted, 0],
])('colours of %s', (_, stream, env, options, color) => {
  expect(capabilitiesOf(stream, env, options).color).toBe(color);
});

test.each([
  ['the terminal says', terminal, {}, wanted, 100],
  ['COLUMNS says, in a pipe', pipe, { COLUMNS: '60' }, wanted, 60],
  ['nobody says', pipe, { COLUMNS: 'x' }, wanted, 80],
  ['nothing is to be cut', terminal, {}, { ...wanted, truncate: false }, Number.POSITIVE_INFINITY],
])('width where %s', (_, stream, env, options, width) => {
  expect(capabilitiesOf(stream, env, options).width).toBe(width);
});

test('Unicode goes by the locale', () => {
  expect(capabilitiesOf(terminal, { LANG: 'en_ZA.UTF-8' }, wanted).unicode).toBe(true);
  expect(capabilitiesOf(terminal, { LC_ALL: 'C', LANG: 'C.UTF-8' }, wanted).unicode).toBe(false);
});

test('a person looks at a terminal that can redraw a line, and not in CI', () => {
  expect(isInteractive(terminal, {})).toBe(true);
  expect(isInteractive(terminal, { CI: 'true' })).toBe(false);
  expect(isInteractive(terminal, { TERM: 'dumb' })).toBe(false);
  expect(isInteractive(pipe, {})).toBe(false);
});
