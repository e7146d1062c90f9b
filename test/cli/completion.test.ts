import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { rejoin } from '../../src/cli/completion/answer.ts';
import { ConfigFolder } from '../support/config-folder.ts';

const settings = {
  profiles: { work: { token: 'a-secret-token-0123456789' } },
  views: { vip: { tag: ['vip'] }, 'vip-za': { tag: ['vip'], search: '+27' } },
};

async function complete(...words: string[]): Promise<readonly string[]> {
  const folder = new ConfigFolder();
  folder.write(settings);
  const { stdout, exit, stderr } = await folder.run(['__complete', 'fish', '--', ...words]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const [, ...lines] = stdout.trimEnd().split('\n');
  return lines.map((line) => line.split('\t')[0] ?? '');
}

test.each([
  ['commands', ['con'], ['contacts', 'config']],
  ['verbs', ['view', 's'], ['save', 'show']],
  ['flags', ['contacts', 'list', '--stat'], ['--status']],
  ['global flags', ['contacts', 'list', '--time'], ['--timeout']],
  ['global flags first', ['--quiet', 'contacts', 'li'], ['list']],
  ['choices', ['--errors', ''], ['text', 'json']],
  ['choices behind =', ['contacts', 'export', '--vcard='], ['--vcard=3.0', '--vcard=4.0']],
  ['formats', ['contacts', 'list', '--format', 'c'], ['csv']],
  ["a command's own formats", ['contacts', 'count', '--format', ''], ['text', 'json']],
  ['columns', ['contacts', 'list', '--columns', 'cit'], ['city']],
  ['columns behind commas', ['contacts', 'list', '--columns', 'id,nam'], ['id,name']],
  [
    'columns under other headers',
    ['contacts', 'list', '--columns', 'id,Mobile=ph'],
    ['id,Mobile=phone'],
  ],
  ['no column twice', ['contacts', 'list', '--columns', 'name,nam'], []],
  ['columns to test', ['contacts', 'list', '--where', 'cre'], ['created_at']],
  ['columns to test for nothing', ['view', 'save', 'x', '--where', '!em'], ['!email']],
  ['columns to sort by', ['contacts', 'list', '--sort', '-cre'], ['-created_at']],
  ['statuses', ['contacts', 'list', '--status', 'OPEN,CL'], ['OPEN,CLOSED']],
  ['statuses in small letters', ['contacts', 'list', '--status', 'op'], ['OPEN']],
  ['accounts to switch to', ['auth', 'switch', ''], ['work', 'sandbox']],
  ['views', ['contacts', 'count', '--view', 'vip-'], ['vip-za']],
  ['views to show', ['view', 'delete', ''], ['vip', 'vip-za']],
  ['profiles', ['auth', 'status', '--profile', ''], ['work', 'sandbox']],
  ['what to count by', ['contacts', 'stats', '--by', 'tag,created:w'], ['tag,created:week']],
  ['settings', ['config', 'get', 'max'], ['max-attempts']],
  ['settings for a command', ['config', 'set', 'contacts.export.for'], ['contacts.export.format']],
  ['values of settings', ['config', 'set', 'color', ''], ['true', 'false']],
  ['zones', ['contacts', 'list', '--tz', 'Africa/Joh'], ['Africa/Johannesburg']],
  ['shells', ['completion', ''], ['bash', 'zsh', 'fish']],
  ['topics', ['help', 'exi'], ['exit-codes']],
  ['help on verbs', ['help', 'contacts', 'exp'], ['export']],
  ['nothing for free text', ['contacts', 'list', '--tag', ''], []],
  ['nothing behind too many', ['view', 'show', 'vip', ''], []],
  [
    'a flag with a value that is optional',
    ['contacts', 'export', '--since-last', '--app'],
    ['--append'],
  ],
])('completes %s', async (_what, words, expected) => {
  expect(await complete(...words)).toEqual(expected);
});

test('hides itself, switches already given, and works with a damaged store', async () => {
  expect(await complete('')).not.toContain('__complete');
  const flags = await complete('contacts', 'list', '--all', '--tag', 'x', '--');
  expect(flags).not.toContain('--all');
  expect(flags).toContain('--tag');
  const folder = new ConfigFolder();
  folder.write('{');
  expect((await folder.run('__complete bash -- conf')).stdout).toBe('space\nconfig\n');
  folder.write({ views: { vip: null } });
  expect((await folder.run('__complete bash -- view show v')).stdout).toBe('space\nvip\n');
});

test('bash hands words over in pieces', () => {
  expect(rejoin(['a', '--by', '=', 'created', ':', 'd'])).toEqual(['a', '--by=created:d']);
  expect(rejoin(['--by', 'created', ':'])).toEqual(['--by', 'created:']);
  expect(rejoin(['--tag', 'a=b', ''])).toEqual(['--tag', 'a=b', '']);
});

const program = fileURLToPath(new URL('../../bin/reekolect.js', import.meta.url));
const built = existsSync(fileURLToPath(new URL('../../dist/start.js', import.meta.url)));
const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

/** What the program completes in a real shell, on the PATH as `reekolect`. */
function inShell(shell: string, args: readonly string[], script: string): string {
  const folder = new ConfigFolder();
  folder.write(settings);
  const bin = mkdtempSync(join(tmpdir(), 'reekolect-bin-'));
  const shim = join(bin, 'reekolect');
  writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(shim, 0o755);
  const PATH = `${bin}${delimiter}${process.env['PATH']}`;
  const env = { PATH, HOME: bin, LANG: 'C.UTF-8', REEKOLECT_CONFIG_DIR: folder.path };
  return execFileSync(shell, [...args, script], { env, encoding: 'utf8', cwd: bin });
}

// Skipped without a build, or without the shell: npm run build, apt-get install zsh fish.
describe('in a real shell', () => {
  test.skipIf(!built || !has('bash'))('bash', () => {
    const script = `
      eval "$(reekolect completion bash)"
      tab() {
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
        _reekolect 2>/dev/null
        (IFS='|'; echo "\${COMPREPLY[*]}")
      }
      tab reekolect con
      tab reekolect contacts list --columns id,nam
      tab reekolect contacts list --format = cs
      tab reekolect contacts stats --by created : w
      tab reekolect view show vip-
      touch export.csv
      tab reekolect contacts export -o exp
      complete -p reekolect`;
    expect(inShell('bash', ['-c'], script).split('\n')).toEqual([
      'contacts|config',
      'id,name',
      'csv',
      'week',
      'vip-za',
      'export.csv',
      'complete -F _reekolect reekolect',
      '',
    ]);
  });

  test.skipIf(!built || !has('zsh'))('zsh', () => {
    const script = `
      autoload -Uz compinit; compinit -u -D
      eval "$(reekolect completion zsh)"
      compadd() { print -r -- "\${(j:|:)values}" }
      tab() { words=("$@") CURRENT=$#; _reekolect }
      tab reekolect con
      tab reekolect contacts list --format=cs
      tab reekolect contacts list --columns id,nam
      print -r -- $_comps[reekolect]`;
    expect(inShell('zsh', ['-f', '-c'], script).split('\n')).toEqual([
      'contacts|config',
      '--format=csv',
      'id,name',
      '_reekolect',
      '',
    ]);
  });

  test.skipIf(!built || !has('zsh'))('zsh, where compinit comes later or never', () => {
    for (const later of ['autoload -Uz compinit; compinit -u -D', '']) {
      const script = `
        eval "$(reekolect completion zsh)"
        ${later}
        for hook in $precmd_functions; do $hook; done
        print -r -- $_comps[reekolect]$#precmd_functions`;
      expect(inShell('zsh', ['-f', '-c'], script)).toBe('_reekolect0\n');
    }
  });

  test.skipIf(!built || !has('fish'))('fish', () => {
    const script = `
      reekolect completion fish | source
      complete -C 'reekolect conta'
      complete -C 'reekolect contacts list --format=cs'
      complete -C 'reekolect contacts list --columns id,nam'
      touch export.csv
      complete -C 'reekolect contacts export -o exp'`;
    const lines = inShell('fish', ['--no-config', '-c'], script).split('\n');
    expect(lines.map((line) => line.split('\t')[0])).toEqual([
      'contacts',
      '--format=csv',
      'id,name',
      'export.csv',
      '',
    ]);
  });
});
