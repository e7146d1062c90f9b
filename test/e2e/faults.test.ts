import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { exitCodes } from '../../src/errors.ts';
import { type Fault, type FaultKind, parseFault } from '../../src/sandbox/faults.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { tempFolder } from '../support/cli.ts';
import { type Outcome, runMain } from '../support/context.ts';

vi.setConfig({ testTimeout: 30_000 });

const account = { contacts: 12, pageSize: 2, seed: 5, now: new Date('2026-11-01T00:00:00Z') };
const pages = { first: 1, middle: 3, last: 'last' } as const;
const { badAnswer, unreachable, incomplete } = exitCodes;

/** What one and the same answer for ever comes to; a fault that strikes once is mended by asking again. */
const mended: { readonly [fault: string]: number } = {
  '429=0': badAnswer,
  '500': badAnswer,
  '502-html': badAnswer,
  '503': badAnswer,
  '200-html': badAnswer,
  empty: badAnswer,
  cut: unreachable,
  reset: unreachable,
  hang: unreachable,
};

/** Answers that mean no: not asked again in the same run. */
const final: { readonly [fault: string]: number } = {
  'not-success': badAnswer,
  'no-data': badAnswer,
  redirect: badAnswer,
};

let folder: string;
let truth: string;

beforeAll(async () => {
  folder = await tempFolder();
  const file = join(folder, 'truth.csv');
  await withSandbox({}, (sandbox) => exportTo(file, sandbox));
  truth = await readFile(file, 'utf8');
  expect(truth.trimEnd().split('\n')).toHaveLength(1 + 12);
});

async function withSandbox<T>(
  options: SandboxOptions,
  work: (sandbox: Sandbox) => Promise<T>,
): Promise<T> {
  const sandbox = await startSandbox({ ...account, ...options });
  try {
    return await work(sandbox);
  } finally {
    await sandbox.close();
  }
}

function exportTo(file: string, service: Sandbox, ...more: string[]): Promise<Outcome> {
  const impatient = ['--timeout', '5', '--max-attempts', '2'];
  return runMain(['contacts', 'export', '-o', file, ...impatient, ...more], { service });
}

function idsIn(ndjson: string): string[] {
  const lines = ndjson.trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line)._id);
}

/** Only a fault that never answers is worth a short time out. */
function patienceFor({ kind }: Fault): readonly string[] {
  return kind === 'hang' ? ['--timeout', '0.3'] : [];
}

/** The words of the command that an error says to go on with; undefined where it says none. */
function resumeWords({ stderr }: Outcome): string[] | undefined {
  return /go on with: reekolect (.*)$/m.exec(stderr)?.[1]?.split(' ');
}

async function exportOnce(fault: Fault, file: string): Promise<Outcome> {
  return withSandbox({ faults: [{ ...fault, times: 1 }] }, (sandbox) =>
    exportTo(file, sandbox, ...patienceFor(fault)),
  );
}

/** An export that fails over an old file, and then the same service without the fault. */
async function failAndGoOn(fault: Fault, file: string, exit: number): Promise<void> {
  await writeFile(file, 'the old file');
  const { port, failed } = await withSandbox({ faults: [fault] }, async (sandbox) => ({
    port: Number(new URL(sandbox.url).port),
    failed: await exportTo(file, sandbox, ...patienceFor(fault)),
  }));
  expect(failed).toMatchObject({ exit, stdout: '' });
  expect(failed.stderr).toMatch(/^error: .+\n.+\n$/);
  expect(await readFile(file, 'utf8')).toBe('the old file');
  await withSandbox({ port }, async (service) => {
    const words = resumeWords(failed);
    // With nothing fetched there is nothing to go on with: the same command does.
    if (fault.page === 1) expect(words).toBeUndefined();
    else expect(words).toContain('--resume');
    const resumed =
      words === undefined ? await exportTo(file, service) : await runMain(words, { service });
    expect(resumed).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect(await readFile(file, 'utf8')).toBe(truth);
  });
}

describe.concurrent('a fault that asking again mends', () => {
  for (const [text, exit] of Object.entries(mended)) {
    for (const [where, page] of Object.entries(pages)) {
      const fault = { ...parseFault(text), page };
      it(`${text}, once on the ${where} page: every contact, exit 0`, async () => {
        const file = join(folder, `${text}-${where}-once.csv`);
        expect(await exportOnce(fault, file)).toEqual({ exit: 0, stdout: '', stderr: '' });
        expect(await readFile(file, 'utf8')).toBe(truth);
      });

      it(`${text}, always on the ${where} page: exit ${exit}, the old file, and a way on`, async () => {
        await failAndGoOn(fault, join(folder, `${text}-${where}-always.csv`), exit);
      });
    }
  }
});

describe.concurrent('an answer that means no', () => {
  for (const [text, exit] of Object.entries(final)) {
    for (const [where, page] of Object.entries(pages)) {
      for (const times of [1, undefined]) {
        const often = times === 1 ? 'once' : 'always';
        const fault = { ...parseFault(text), page, ...(times === undefined ? {} : { times }) };
        it(`${text}, ${often} on the ${where} page: exit ${exit}, the old file, and a way on`, async () => {
          await failAndGoOn(fault, join(folder, `${text}-${where}-${often}.csv`), exit);
        });
      }
    }
  }
});

describe.concurrent('a service that repeats itself', () => {
  for (const kind of ['repeat', 'repeat-last'] as const) {
    it(`${kind}: exit ${incomplete}, and the old file`, async () => {
      const file = join(folder, `${kind}.csv`);
      await writeFile(file, 'the old file');
      await withSandbox({ faults: [{ kind }] }, async (sandbox) => {
        const outcome = await exportTo(file, sandbox);
        expect(outcome.exit).toBe(incomplete);
        expect(outcome.stderr).toMatch(/repeats itself/);
        expect(sandbox.requests).toBeLessThan(40);
      });
      expect(await readFile(file, 'utf8')).toBe('the old file');
    });
  }

  it('repeat, once on a middle page: --verify finds what the page should have held', async () => {
    const file = join(folder, 'repeat-once.csv');
    const faults: Fault[] = [{ kind: 'repeat', page: 3, times: 1 }];
    await withSandbox({ faults }, async (sandbox) => {
      expect(await exportTo(file, sandbox, '--verify')).toMatchObject({ exit: 0 });
    });
    const sorted = (text: string) => text.split('\n').sort();
    expect(sorted(await readFile(file, 'utf8'))).toEqual(sorted(truth));
  });
});

describe.concurrent('an account that changes while it is read', () => {
  for (const kind of ['inserts', 'deletes', 'moves'] as const satisfies readonly FaultKind[]) {
    it(`${kind}: --verify holds every contact that was there throughout, once`, async () => {
      const file = join(folder, `${kind}.ndjson`);
      const faults: Fault[] = [{ kind, value: 3, times: 4 }];
      await withSandbox({ contacts: 40, faults }, async (sandbox) => {
        const before = new Set(sandbox.idsNow());
        expect(await exportTo(file, sandbox, '--verify')).toMatchObject({ exit: 0, stderr: '' });
        const ids = idsIn(await readFile(file, 'utf8'));
        expect(new Set(ids).size).toBe(ids.length);
        const after = sandbox.idsNow();
        expect(after.filter((id) => before.has(id) && !ids.includes(id))).toEqual([]);
        const known = new Set([...before, ...after]);
        expect(ids.filter((id) => !known.has(id))).toEqual([]);
      });
    });
  }
});

describe.concurrent('other trouble', () => {
  it('a limit of 20 requests a second: every contact arrives', async () => {
    const file = join(folder, 'rate.ndjson');
    const faults: Fault[] = [{ kind: 'rate', value: 20 }];
    await withSandbox({ contacts: 200, faults }, async (sandbox) => {
      const outcome = await runMain(['contacts', 'export', '-o', file], { service: sandbox });
      expect(outcome).toEqual({ exit: 0, stdout: '', stderr: '' });
      expect(idsIn(await readFile(file, 'utf8'))).toEqual(sandbox.idsNow());
    });
  }, 60_000);

  it('leaves nothing beside a file that was written', async () => {
    const own = await tempFolder();
    await withSandbox({ faults: [{ kind: '500', page: 2, times: 1 }] }, async (sandbox) => {
      expect(await exportTo(join(own, 'out.csv'), sandbox)).toMatchObject({ exit: 0 });
    });
    expect(await readdir(own)).toEqual(['out.csv']);
  });

  it('leaves the page log, and nothing else, beside a file that was not', async () => {
    const own = await tempFolder();
    await withSandbox({ faults: [{ kind: '500', page: 3 }] }, async (sandbox) => {
      expect(await exportTo(join(own, 'out.csv'), sandbox)).toMatchObject({ exit: badAnswer });
    });
    expect(await readdir(own)).toEqual(['out.csv.part']);
  });
});
