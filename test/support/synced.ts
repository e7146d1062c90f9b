import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, runMain, type World } from './context.ts';
import { type Service, serve } from './service.ts';
import { ask, type FoundRow } from './sqlite.ts';

/** A contact as the service has it. */
export function person(n: number, more: object = {}) {
  return {
    _id: n.toString(16).padStart(24, '0'),
    _customer: 'c'.repeat(24),
    createdAt: new Date(Date.UTC(2026, 9, 1, 0, n)).toISOString(),
    lastSeenAt: new Date(Date.UTC(2026, 9, 1, 0, n)).toISOString(),
    profile: { userDetails: { userProvidedName: `Person ${n}`, tags: ['vip'] } },
    ...more,
  };
}

export function people(count: number) {
  return Array.from({ length: count }, (_, n) => person(count - n));
}

/** An account and a database that follows it. */
export class Synced {
  readonly service: Service;
  readonly folder = mkdtempSync(join(tmpdir(), 'reekolect-sync-'));
  readonly path = join(this.folder, 'contacts.db');
  readonly config = mkdtempSync(join(tmpdir(), 'reekolect-config-'));

  constructor(service: Service) {
    this.service = service;
  }

  static async with(count: number, script: Parameters<typeof serve>[0] = {}): Promise<Synced> {
    return new Synced(await serve({ contacts: people(count), pageSize: 4, ...script }));
  }

  run(flags = '', { env, service, ...world }: World = {}): Promise<Outcome> {
    const words = flags === '' ? [] : flags.split(' ');
    return runMain(['contacts', 'sync', this.path, ...words], {
      service: service ?? this.service,
      env: { REEKOLECT_CONFIG_DIR: this.config, ...env },
      ...world,
    });
  }

  /** A run that must succeed; what it says with --format json. */
  async sync(flags = '', world: World = {}): Promise<FoundRow> {
    const outcome = await this.run(`--format json ${flags}`.trim(), world);
    if (outcome.exit !== 0) throw new Error(`exit ${outcome.exit}: ${outcome.stderr}`);
    return JSON.parse(outcome.stdout);
  }

  ask(sql: string): readonly FoundRow[] {
    return ask(this.path, sql);
  }

  /** One column of what a query gives. */
  column(sql: string): readonly unknown[] {
    return this.ask(sql).map((row) => Object.values(row)[0]);
  }

  get deleted(): readonly unknown[] {
    return this.column('SELECT name FROM contacts_all WHERE deleted_at IS NOT NULL ORDER BY id');
  }
}
