import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { environmentVariables } from '../../src/cli/help/environment.ts';
import { manPage } from '../../src/cli/help/man.ts';
import { notesOn } from '../../src/cli/help/notes.ts';
import { helpWidth, rows } from '../../src/cli/help/rows.ts';
import { topicNames } from '../../src/cli/help/topic-names.ts';
import { topicText } from '../../src/cli/help/topics.ts';
import { withParents, wordsOf } from '../../src/cli/stored-option.ts';
import { exitCodes } from '../../src/errors.ts';
import { formatNames } from '../../src/output/formats.ts';
import { wholeProgram } from '../../src/program.ts';
import { columnNames } from '../../src/records/columns.ts';
import { contactColumns } from '../../src/records/contacts/columns.ts';
import { dateForms } from '../../src/records/dates.ts';
import { runMain } from '../support/context.ts';

const program = await wholeProgram();
const commands = commandsBelow(program);
const verbs = commands.filter(({ commands: children }) => children.length === 0);

function commandsBelow(command: Command): readonly Command[] {
  const shown = command.commands.filter((child) => !child.name().startsWith('_'));
  return [command, ...shown.flatMap(commandsBelow)];
}

function named(list: readonly Command[]): [string, Command][] {
  return list.map((command) => [wordsOf(command).join(' ') || 'reekolect', command]);
}

async function helpOn(...words: string[]): Promise<string> {
  const { exit, stdout, stderr } = await runMain(['help', ...words]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return stdout;
}

test.each([[['--profile', 'sandbox']], [['--profile', 'contacts', '--help']], [['--no-color']]])(
  'the program alone, with %j, tells of every command',
  async (args) => {
    const { stdout } = await runMain(args);
    const { stdout: bare } = await runMain([]);
    expect(stdout).toBe(bare);
    expect(bare).toMatch(/^ {2}doctor +check settings/m);
  },
);

describe('topics', () => {
  test.each(topicNames)('%s fits 80 columns, lines to copy aside', async (topic) => {
    const text = await helpOn(topic);
    const wide = text
      .split('\n')
      .filter((line) => line.length > 80 && !line.includes('reekolect '));
    expect(wide).toEqual([]);
    expect(text.length).toBeGreaterThan(300);
    expect(text).not.toContain('undefined');
  });

  test.each(topicNames)('%s is filled anew for other widths, lines to copy aside', (topic) => {
    for (const width of [40, 60, 100]) {
      const lines = topicText(topic, width).split('\n');
      const wide = lines.filter((line) => line.length >= width && /^\S+ /.test(line));
      expect(wide, `${width} columns`).toEqual([]);
    }
    const words = (width: number) => topicText(topic, width).split(/\s+/);
    expect(words(40)).toEqual(words(100));
  });

  test('two columns stand one below the other where there is no room for both', () => {
    const items = [['--created-after <date>', 'created at or after this instant']] as const;
    expect(rows(items, 60)).toBe('  --created-after <date>  created at or after this instant');
    expect(rows(items, 40)).toBe(
      '  --created-after <date>\n      created at or after this instant',
    );
  });

  test('lines are no longer than an eye can follow', () => {
    expect([undefined, 60, 100, 250].map(helpWidth)).toEqual([80, 60, 100, 120]);
  });

  test('sync, a verb as well, tells first how to use contacts sync', async () => {
    const usage = await helpOn('contacts', 'sync');
    const text = await helpOn('sync');
    expect(text.startsWith(`${usage}\n`)).toBe(true);
    expect(text.slice(usage.length)).toContain('contact_tags');
  });

  test('dates names every form', async () => {
    const text = await helpOn('dates');
    for (const [form] of dateForms) expect(text).toContain(`\n  ${form}  `);
  });

  test('exit-codes holds every code, formats every format and column', async () => {
    const codes = await helpOn('exit-codes');
    for (const code of Object.values(exitCodes))
      expect(codes).toMatch(new RegExp(`^ +${code} +\\w`, 'm'));
    const formats = await helpOn('formats');
    for (const name of formatNames) expect(formats).toMatch(new RegExp(`^ +${name} +\\.?\\w`, 'm'));
    const columns = await helpOn('columns');
    for (const name of columnNames(contactColumns))
      expect(columns).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test('environment holds every variable that the source reads', async () => {
    const source = fileURLToPath(new URL('../../src', import.meta.url));
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
    const read = files
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(source, file), 'utf8'))
      .flatMap((text) => text.match(/\bREEKOLECT_[A-Z_]+/g) ?? []);
    const text = await helpOn('environment');
    for (const name of [...new Set(read), ...Object.keys(environmentVariables)]) {
      expect(text).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });

  test('cron lines hold no % and name the full path', async () => {
    const lines = (await helpOn('cron'))
      .split('\n')
      .filter((line) => /^ +[*\d/]+ \S+ \* /.test(line));
    expect(lines.length).toBe(3);
    for (const line of lines) {
      expect(line).not.toContain('%');
      expect(line).toContain('/usr/local/bin/reekolect contacts export ');
    }
  });
});

describe('examples', () => {
  test.each(named(verbs))('%s has two or three that hold', (_name, command) => {
    const examples = notesOn(command).examples;
    expect(examples.length).toBeGreaterThanOrEqual(2);
    expect(examples.length).toBeLessThanOrEqual(4);
    expect(examples.filter((line) => line.length > 78)).toEqual([]);
    expect(examples[0]).toContain(`reekolect ${wordsOf(command).join(' ')}`);
  });

  test.each(named(commands))('of %s use flags that there are', (_name, command) => {
    for (const example of notesOn(command).examples) {
      const ours = example.match(/reekolect ([^|#()<]*)/)?.[1] ?? '';
      const words = ours.trim().split(/\s+/);
      let here = program;
      for (const word of words) here = here.commands.find((each) => each.name() === word) ?? here;
      const known = withParents(here).flatMap(({ options }) => options);
      for (const flag of words.filter((word) => /^--?[a-z]/.test(word) && !/^-\w+_/.test(word))) {
        const found = known.find(({ long, short }) => flag === long || flag === short);
        expect(found, `${flag} in ${example}`).toBeDefined();
      }
    }
  });

  test.each(named(verbs))('of %s come first in its help, and once', async (_name, command) => {
    const words = wordsOf(command);
    const { exit, stdout } = await runMain([...words, '--help'], { columns: 80 });
    expect(exit).toBe(0);
    expect(stdout.split('\nExamples:\n  ')).toHaveLength(2);
    expect(stdout.search(/^Examples:/m)).toBeLessThan(
      stdout.search(/^\w[\w ]*(ags|put|ters):$/m) >>> 0,
    );
    expect(await helpOn(...words)).toBe(stdout);
  });
});

describe('the help of a command', () => {
  test.each([
    ['contacts list', 60],
    ['contacts export', 70],
    ['', 40],
  ])('of "%s" is at most %d lines of 80 columns', async (words, most) => {
    const { stdout } = await runMain([...words.split(' ').filter(Boolean), '--help'], {
      columns: 80,
    });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(most);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test('uses a wide terminal, and bold headings there', async () => {
    const { stdout } = await runMain(['contacts', 'stats', '--help'], {
      columns: 160,
      isTTY: true,
    });
    expect(stdout).toMatch(/^ {2}--by <what> .*created:month/m);
    expect(stdout).toContain('\x1b[1mExamples:\x1b[22m');
    const plain = { columns: 160, isTTY: true, env: { NO_COLOR: '1' } };
    expect((await runMain(['contacts', 'stats', '--help'], plain)).stdout).not.toContain('\x1b');
  });

  test('tells of a pair in one line, and of global flags elsewhere', async () => {
    const text = await helpOn('contacts', 'list');
    expect(text).toMatch(/^ {2}--\[no-\]online +is online$/m);
    expect(text).not.toContain('--no-online');
    expect(text).not.toContain('--max-attempts');
    expect(text).toContain('reekolect help flags');
    expect(await helpOn('flags')).toContain('--max-attempts <n>');
  });

  test('is found by the verb alone, and by another name of it', async () => {
    expect(await helpOn('export')).toBe(await helpOn('contacts', 'export'));
    expect(await helpOn('ls')).toBe(await helpOn('contacts', 'list'));
    expect(await helpOn('login')).toBe(await helpOn('auth', 'login'));
  });

  test('is what the program and a noun alone show', async () => {
    for (const words of [[], ['contacts'], ['auth']]) {
      const { exit, stdout, stderr } = await runMain(words);
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      expect(stdout).toBe(await helpOn(...words));
      expect(stdout.search(/^Commands:/m)).toBeLessThan(stdout.search(/^Examples:/m) >>> 0);
    }
  });
});

test.each([
  ['contact list', 'did you mean contacts?'],
  ['contacts lst', 'did you mean list?'],
  ['contacts list --tagg x', 'did you mean --tag?'],
  ['--profil x contacts list', 'did you mean --profile?'],
  ['contacts list --timeou 3', 'did you mean --timeout?'],
  ['config st a b', 'did you mean set?'],
  ['contacts list --format cvs', 'did you mean csv?'],
  ['contacts list --columns nam', 'did you mean name?'],
  ['help contcts', 'did you mean contacts?'],
  ['help contacts exprt', 'did you mean export?'],
  ['help exit-code', 'did you mean exit-codes?'],
])('%s names what is near', async (line, guess) => {
  const { exit, stderr } = await runMain([...line.split(' '), '--errors', 'json']);
  expect(exit).toBe(2);
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '').hint).toContain(guess);
});

test.each([
  ['--errors json --errors text', /^error: unknown option/],
  ['--errors text --errors=json', /^\{"code":"usage"/],
])('of several forms for errors the last one holds: %s', async (forms, expected) => {
  const { stderr } = await runMain([...'contacts list --nosuch'.split(' '), ...forms.split(' ')]);
  expect(stderr).toMatch(expected);
});

const page = manPage(program, new Date('2026-11-22'));
const pagePath = join(mkdtempSync(join(tmpdir(), 'reekolect-man-')), 'reekolect.1');
writeFileSync(pagePath, page);
const has = (tool: string) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;

describe('the manual page', () => {
  test('holds every command and flag', () => {
    for (const command of verbs) {
      expect(page).toContain(`.SS reekolect ${wordsOf(command).join(' ')}`.replaceAll('-', '\\-'));
    }
    const whole = page.replaceAll('\\-', '-').replaceAll(/--\[no-\](\S+)/g, '--$1 --no-$1');
    for (const flag of flagsOf(verbs)) expect(whole).toContain(flag);
    expect(page).not.toMatch(/[^\x20-\x7e\n]/);
  });

  test.skipIf(!has('groff'))('has under 550 lines, and nothing twice (needs groff)', () => {
    const args = ['-man', '-Tascii', '-P-cbou', pagePath];
    const lines = String(spawnSync('groff', args).stdout).split('\n');
    expect(lines.length).toBeGreaterThan(250);
    expect(lines.length).toBeLessThan(550);
    const told = lines.map((line) => line.trim()).filter((line) => /^-.* {2}/.test(line));
    const pairs = told.map((line, at) => `${line}\n${told[at + 1]}`);
    expect(pairs.filter((pair, at) => pairs.indexOf(pair) < at)).toEqual([]);
  });

  test.skipIf(!has('groff'))('is sound to groff (needs it)', () => {
    const { stderr, status } = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-z', pagePath]);
    expect({ stderr: String(stderr), status }).toEqual({ stderr: '', status: 0 });
  });

  test.skipIf(!has('mandoc'))('is sound to mandoc (needs it)', () => {
    const { stdout } = spawnSync('mandoc', ['-Tlint', '-Wwarning', pagePath]);
    expect(String(stdout)).toBe('');
  });
});

function flagsOf(list: readonly Command[]): readonly string[] {
  const shown = list.flatMap(({ options }) => options.filter(({ hidden }) => !hidden));
  return shown.flatMap(({ long }) => long ?? []);
}
