import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, runMain, type World } from './context.ts';

/** A configuration folder that several runs share. */
export class ConfigFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'reekolect-config-'));
  readonly file = join(this.path, 'config.json');

  /** Runs a command line with this folder. */
  run(line: string | readonly string[], world: World = {}): Promise<Outcome> {
    const args = typeof line === 'string' ? line.split(' ') : line;
    return runMain(args, { ...world, env: { REEKOLECT_CONFIG_DIR: this.path, ...world.env } });
  }

  // biome-ignore lint/suspicious/noExplicitAny: read as freely as a test likes
  get settings(): any {
    return JSON.parse(readFileSync(this.file, 'utf8'));
  }

  write(settings: object | string): void {
    mkdirSync(this.path, { recursive: true });
    const text = typeof settings === 'string' ? settings : JSON.stringify(settings);
    writeFileSync(this.file, text, { mode: 0o600 });
  }
}

/** The body of the request that --dry-run prints. */
// biome-ignore lint/suspicious/noExplicitAny: read as freely as a test likes
export function bodyIn({ stdout }: Outcome): any {
  return JSON.parse(stdout.slice(stdout.indexOf('\n{')));
}
