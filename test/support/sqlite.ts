import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEngine } from '../../src/database/sqlite-engine.ts';

const engine = await loadEngine();

// biome-ignore lint/suspicious/noExplicitAny: read as freely as a test likes
export type FoundRow = any;

/** What a query gives on a copy of an SQLite file and its logs, so that nobody is in the way of anybody. */
export function ask(path: string, sql: string): readonly FoundRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'reekolect-sqlite-'));
  try {
    const copy = join(folder, 'copy.db');
    for (const ending of ['', '-wal', '-journal']) {
      if (existsSync(`${path}${ending}`)) cpSync(`${path}${ending}`, `${copy}${ending}`);
    }
    const file = engine.open(copy);
    try {
      return file
        .prepare(sql)
        .all([])
        .map((row) => ({ ...row }));
    } finally {
      file.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Changes an SQLite file that nobody has open; `meanwhile` it is open here. */
export function change(path: string, sql: string, meanwhile = () => {}): void {
  const file = engine.open(path);
  try {
    file.exec(sql);
    meanwhile();
  } finally {
    file.close();
  }
}
