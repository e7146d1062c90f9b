import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PageLog } from '../../src/read/page-log.ts';
import { type Page, readPage } from '../../src/records/page.ts';

const head = {
  started: '2026-11-01T00:00:00.000Z',
  host: 'api.example',
  profile: 'default',
  body: { tags: ['vip'], page: 1 },
};
/** Line feeds, digits and words as in the log's own lines, which must not be taken for them. */
const texts = ['Ann', 'Bob\n1 2 3\n', 'Zoë 😀'].map((name, index) =>
  JSON.stringify({ success: true, data: [{ _id: `${index}`, name }] }, null, 1),
);
const { signal } = new AbortController();

let folder: string;
let path: string;
let number = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reekolect-log-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(() => {
  number += 1;
  path = join(folder, `${number}.part`);
});

/** Reads pages 1 to 3 through a log; says which ones had to be fetched, and what all held. */
async function readThrough(log: PageLog): Promise<{ fetched: number[]; contacts: unknown[] }> {
  const fetched: number[] = [];
  const fetchPage = log.remember(async (page): Promise<Page> => {
    fetched.push(page);
    return readPage(texts[page - 1] ?? '');
  });
  const contacts: unknown[] = [];
  for (const page of [1, 2, 3]) {
    const found = await fetchPage({ round: '1', page }, signal);
    contacts.push(...found.map(({ record }) => record));
  }
  return { fetched, contacts };
}

async function writeLog(): Promise<void> {
  const log = await PageLog.create(path, head);
  await readThrough(log);
  await log.close();
}

/** Where each entry of the log ends: the head's line, then each page. */
function entryEnds(bytes: Buffer): number[] {
  const ends = [bytes.indexOf('\n') + 1];
  for (const text of texts) {
    const line = bytes.indexOf('\n', ends.at(-1)) + 1;
    ends.push(line + Buffer.byteLength(text) + 1);
  }
  return ends;
}

const everybody = texts.flatMap((text) => JSON.parse(text).data);

describe('a log that ends anywhere', () => {
  const tails: { readonly [name: string]: Buffer } = {
    'and nothing follows': Buffer.alloc(0),
    'and zeros follow, as after a power cut': Buffer.alloc(100),
    'and garbage follows': Buffer.from('\u0001\ufffd 3 7 9\n1 x 5\n\n\n{"a":'),
    'and another page of an older log follows': Buffer.from('\n1 3 2\n{}\n'),
  };
  for (const [name, tail] of Object.entries(tails)) {
    it(`${name}: has the whole pages before that byte, and fetches the others`, async () => {
      await writeLog();
      const whole = await readFile(path);
      const ends = entryEnds(whole);
      expect(ends.at(-1)).toBe(whole.length);
      for (let cut = ends[0] as number; cut <= whole.length; cut += 1) {
        await writeFile(path, Buffer.concat([whole.subarray(0, cut), tail]));
        const log = await PageLog.resume(path);
        expect(log.head).toMatchObject(head);
        const { fetched, contacts } = await readThrough(log);
        await log.close();
        expect(contacts, `cut at byte ${cut}`).toEqual(everybody);
        const held = ends.filter((end) => end <= cut).length - 1;
        expect(fetched.length, `cut at byte ${cut}`).toBeLessThanOrEqual(3 - held);
        if (tail.length === 0) expect(fetched).toEqual([1, 2, 3].slice(held));
        // What is written then can be gone on with as well.
        const again = await PageLog.resume(path);
        expect(await readThrough(again)).toEqual({ fetched: [], contacts: everybody });
        await again.close();
      }
    });
  }

  it('within its first line: is none yet, and makes way for a new one', async () => {
    await writeLog();
    const whole = await readFile(path);
    const [start = 0] = entryEnds(whole);
    for (let cut = 0; cut < start; cut += 1) {
      for (const zeros of [0, start - cut]) {
        await writeFile(path, Buffer.concat([whole.subarray(0, cut), Buffer.alloc(zeros)]));
        expect(await PageLog.peek(path), `cut at byte ${cut}`).toBeUndefined();
      }
    }
    await (await PageLog.create(path, head)).close();
    expect(await PageLog.peek(path)).toMatchObject(head);
  });

  it('with a page of zeros in its middle: fetches that page again', async () => {
    await writeLog();
    const bytes = await readFile(path);
    const start = bytes.indexOf(texts[1] as string);
    bytes.fill(0, start, start + Buffer.byteLength(texts[1] as string));
    await writeFile(path, bytes);
    const log = await PageLog.resume(path);
    expect(await readThrough(log)).toEqual({ fetched: [2], contacts: everybody });
    await log.close();
  });
});

describe('a file that is in the way', () => {
  for (const [name, text] of Object.entries({
    text: 'my notes\n',
    'text without a line feed': 'my notes',
    JSON: '{"log":"something else","started":"2026-11-01T00:00:00Z"}\n',
    'a newer log': '{"log":"reekolect pages 2","started":"2026-11-01T00:00:00Z"}\n',
    bytes: '\0\0\0\0\n',
  })) {
    it(`is refused and left alone: ${name}`, async () => {
      await writeFile(path, text);
      const refusal = { exit: 7, code: 'foreign-file' };
      await expect(PageLog.peek(path)).rejects.toMatchObject(refusal);
      await expect(PageLog.create(path, head)).rejects.toMatchObject(refusal);
      await expect(PageLog.resume(path)).rejects.toMatchObject(refusal);
      expect(await readFile(path, 'utf8')).toBe(text);
    });
  }

  it('is replaced when it is an older log', async () => {
    await writeLog();
    const log = await PageLog.create(path, { ...head, profile: 'other' });
    expect(log.pages).toBe(0);
    await log.close();
    expect(await PageLog.peek(path)).toMatchObject({ profile: 'other' });
  });
});

describe('a log', () => {
  it('tells what it was made for, before it is opened', async () => {
    await writeLog();
    expect(await PageLog.peek(path)).toMatchObject(head);
    expect(await PageLog.peek(join(folder, 'none'))).toBeUndefined();
  });

  it('can be read by its owner only, whatever was there', async () => {
    await writeLog();
    await chmod(path, 0o644);
    await writeLog();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('tells readings of the account apart', async () => {
    await writeLog();
    const log = await PageLog.resume(path);
    let fetched = 0;
    const fetchPage = log.remember(async () => {
      fetched += 1;
      return readPage(texts[2] as string);
    });
    await fetchPage({ round: '2', page: 1 }, signal);
    await fetchPage({ round: '2', page: 1 }, signal);
    await log.close();
    expect(fetched).toBe(1);
  });

  it('asks again for a page that is not believed, and keeps the new answer', async () => {
    await writeLog();
    const empty = '{"success":true,"data":[]}';
    for (const expected of [1, 0]) {
      const log = await PageLog.resume(path);
      const before = log.pages;
      let fetched = 0;
      const fetchPage = log.remember(async () => {
        fetched += 1;
        return readPage(empty);
      });
      const afresh = expected === 1;
      expect(await fetchPage({ round: '1', page: 2, afresh }, signal)).toEqual([]);
      expect(fetched).toBe(expected);
      expect(log.pages).toBe(before);
      await log.close();
    }
  });

  it('keeps pages whole that arrive at the same moment', async () => {
    const log = await PageLog.create(path, head);
    const fetchPage = log.remember(async (page) => {
      const data = [{ _id: `${page}`, text: 'x'.repeat(page * 1000) }];
      return readPage(JSON.stringify({ success: true, data }));
    });
    const pages = Array.from({ length: 50 }, (_, index) => index + 1);
    await Promise.all(pages.map((page) => fetchPage({ round: '1', page }, signal)));
    await log.close();
    const again = await PageLog.resume(path);
    expect(again.pages).toBe(50);
    const fromLog = again.remember(() => Promise.reject(new Error('not in the log')));
    for (const page of pages) {
      const [contact] = await fromLog({ round: '1', page }, signal);
      expect(contact?.key).toBe(`${page}`);
    }
    await again.remove();
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
