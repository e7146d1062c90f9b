import { execFileSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PageLog } from '../../src/read/page-log.ts';
import type { FetchPage } from '../../src/read/walk.ts';
import { contactKey } from '../../src/records/contacts/key.ts';
import { readPage } from '../../src/records/page.ts';

const head = {
  started: '2026-11-01T00:00:00.000Z',
  topic: { account: 'api.example', body: { tags: ['vip'], page: 1 }, limit: null },
};
/** Line feeds, digits and words as in the log's own lines, which must not be taken for them. */
const texts = ['Ann', 'Bob\n1 records\n1 2 3\n', 'Zoë 😀'].map((name, index) =>
  JSON.stringify({ success: true, data: [{ _id: `${index}`, name }] }, null, 1),
);
const { signal } = new AbortController();

/** A log's pages, the others fetched as texts. */
function through(log: PageLog, textOf: (page: number) => string): FetchPage {
  return log.remember({
    async fetchPage(page) {
      const bytes = Buffer.from(textOf(page));
      return { bytes, records: readPage(bytes, contactKey).records };
    },
    decode: (bytes) => readPage(bytes, contactKey),
  });
}

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
  const fetchPage = through(log, (page) => {
    fetched.push(page);
    return texts[page - 1] ?? '';
  });
  const contacts: unknown[] = [];
  for (const page of [1, 2, 3]) {
    const found = await fetchPage({ round: '1', page }, signal);
    contacts.push(...found.map(({ record }) => record));
  }
  return { fetched, contacts };
}

async function reopen(log: PageLog): Promise<PageLog> {
  await log.close();
  return PageLog.resume(path);
}

async function writeLog(): Promise<void> {
  const log = await PageLog.create(path, head);
  await readThrough(log);
  await log.close();
}

/** As a power cut leaves it: zeros where page 2 was. */
async function writeLogWithoutPage2(): Promise<void> {
  await writeLog();
  const bytes = await readFile(path);
  const start = bytes.indexOf(texts[1] as string);
  bytes.fill(0, start, start + Buffer.byteLength(texts[1] as string));
  await writeFile(path, bytes);
}

/** Where each entry of the log ends: the head's line, then each page. */
function entryEnds(bytes: Buffer): number[] {
  const ends = [bytes.indexOf('\n') + 1];
  for (const text of texts) {
    const lines = bytes.indexOf('\n', bytes.indexOf('\n', ends.at(-1)) + 1) + 1;
    ends.push(lines + Buffer.byteLength(text) + 1);
  }
  return ends;
}

const everybody = texts.flatMap((text) => JSON.parse(text).data);

describe('a log that ends anywhere', () => {
  const tails: { readonly [name: string]: Buffer } = {
    'and nothing follows': Buffer.alloc(0),
    'and zeros follow, as after a power cut': Buffer.alloc(100),
    'and garbage follows': Buffer.from('\u0001\ufffd 3 7 9\n1 x 5\n\n\n{"a":'),
    'and another page of an older log follows': Buffer.from('\n1 records\n1 3 2\n{}\n'),
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

  it('with a page of zeros in its middle: fetches that page again, and those that came later', async () => {
    await writeLogWithoutPage2();
    const log = await PageLog.resume(path);
    expect(await readThrough(log)).toEqual({ fetched: [2, 3], contacts: everybody });
    await log.close();
  });

  it('with a page of zeros in its middle: what came later is older than that page now, and never comes back', async () => {
    await writeLogWithoutPage2();
    const log = await PageLog.resume(path);
    await through(log, () => texts[1] as string)({ round: '1', page: 2 }, signal);
    const later = await reopen(log);
    expect(await readThrough(later)).toEqual({ fetched: [3], contacts: everybody });
    await later.close();
  });

  it('with a page that was cut short behind its back: fetches that page again', async () => {
    await writeLog();
    const log = await PageLog.resume(path);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 10));
    expect(await readThrough(log)).toEqual({ fetched: [3], contacts: everybody });
    await log.close();
  });
});

describe('a file that is in the way', () => {
  for (const [name, text] of Object.entries({
    text: 'my notes\n',
    'text without a line feed': 'my notes',
    JSON: '{"log":"something else","started":"2026-11-01T00:00:00Z"}\n',
    'a newer log': '{"log":"reekolect pages 3","started":"2026-11-01T00:00:00Z","topic":{}}\n',
    'a head that is null': 'null\n',
    'a head without its topic': '{"log":"reekolect pages 2","started":"2026-11-01T00:00:00Z"}\n',
    'a head with a list as its topic':
      '{"log":"reekolect pages 2","started":"2026-11-01T00:00:00Z","topic":[]}\n',
    'a head with null as its topic':
      '{"log":"reekolect pages 2","started":"2026-11-01T00:00:00Z","topic":null}\n',
    'a head without its date': '{"log":"reekolect pages 2","topic":{}}\n',
    'a head with another date': '{"log":"reekolect pages 2","started":"soon","topic":{}}\n',
    'a head with a number as its date': '{"log":"reekolect pages 2","started":5,"topic":{}}\n',
    'a head with another base':
      '{"log":"reekolect pages 2","started":"2026-11-01T00:00:00Z","topic":{},"base":"5"}\n',
    'a head with a base below 0':
      '{"log":"reekolect pages 2","started":"2026-11-01T00:00:00Z","topic":{},"base":-1}\n',
    bytes: '\0\0\0\0\n',
  })) {
    it(`is refused and left alone: ${name}`, async () => {
      await writeFile(path, text);
      const refusal = { exit: 7, code: 'foreign-file', message: expect.stringContaining(path) };
      await expect(PageLog.peek(path)).rejects.toMatchObject(refusal);
      await expect(PageLog.create(path, head)).rejects.toMatchObject(refusal);
      await expect(PageLog.resume(path)).rejects.toMatchObject(refusal);
      expect(await readFile(path, 'utf8')).toBe(text);
    });
  }

  for (const [name, make] of Object.entries({
    pipe: () => execFileSync('mkfifo', [path]),
    folder: () => mkdir(path),
    'link to a log': async () => {
      await (await PageLog.create(`${path}.other`, head)).close();
      await symlink(`${path}.other`, path);
    },
    'link to nowhere': () => symlink('/nowhere/at/all', path),
  })) {
    it(`is refused at once: a ${name}`, async () => {
      await make();
      const refusal = { exit: 7, code: 'foreign-file', message: expect.stringContaining(path) };
      await expect(PageLog.peek(path)).rejects.toMatchObject(refusal);
      await expect(PageLog.create(path, head)).rejects.toMatchObject(refusal);
      await expect(PageLog.resume(path)).rejects.toMatchObject(refusal);
    });
  }

  it('says what is wrong when it stands in a folder that is none', async () => {
    await writeFile(path, '');
    const inside = join(path, 'out.part');
    await expect(PageLog.peek(inside)).rejects.toMatchObject({ exit: 7, code: 'file' });
    await expect(PageLog.create(inside, head)).rejects.toMatchObject({ exit: 7, code: 'file' });
  });

  it('is replaced when it is an older log', async () => {
    await writeLog();
    const log = await PageLog.create(path, { ...head, base: 12, topic: { limit: 5 } });
    expect(log.pages).toBe(0);
    await log.close();
    expect(await PageLog.peek(path)).toMatchObject({ base: 12, topic: { limit: 5 } });
  });
});

describe('a log', () => {
  it('that can not be removed says so, and is no bug of ours', async () => {
    const log = await PageLog.create(path, head);
    await rm(path);
    await mkdir(path);
    await expect(log.remove()).rejects.toMatchObject({
      exit: 7,
      message: expect.stringContaining(`${path} can't be removed`),
    });
  });

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

  it('knows how many pages and contacts it holds, without reading them', async () => {
    await writeLog();
    const log = await PageLog.resume(path);
    const fetchPage = through(log, () => '{"success":true,"data":[{"_id":"a"},{"_id":"b"}]}');
    await fetchPage({ round: '1', page: 4 }, signal);
    await fetchPage({ round: '2', page: 1 }, signal);
    await fetchPage({ round: '1a1', page: 1 }, signal);
    await through(log, () => '{"data":[]}')({ round: '1', page: 5 }, signal);
    // Of two lists, each read for the first time.
    await fetchPage({ round: 'seenAfter-1', page: 1 }, signal);
    await fetchPage({ round: 'seenAfter-21', page: 1 }, signal);
    expect({ pages: log.pages, records: log.records }).toEqual({ pages: 5, records: 7 });
    const again = await reopen(log);
    expect({ pages: again.pages, records: again.records }).toEqual({ pages: 5, records: 7 });
    await again.close();
  });

  it('shows its first page, by which the account can be told', async () => {
    const log = await PageLog.create(path, head);
    expect(await log.firstPage()).toBeUndefined();
    await readThrough(log);
    expect(`${await log.firstPage()}`).toBe(texts[0]);
    const again = await reopen(log);
    expect(`${await again.firstPage()}`).toBe(texts[0]);
    await again.close();
  });

  it('keeps the bytes of a page as they came', async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x22, 0xff, 0x0a, 0x00, 0x22, 0x7d]);
    let log = await PageLog.create(path, head);
    log.append({ round: '1', page: 1 }, bytes, 1);
    log = await reopen(log);
    let found: Uint8Array | undefined;
    const fetchPage = log.remember({
      fetchPage: () => Promise.reject(new Error('it is in the log')),
      decode(kept) {
        found = Buffer.from(kept);
        return { bytes: kept, records: [] };
      },
    });
    await fetchPage({ round: '1', page: 1 }, signal);
    expect(found).toEqual(bytes);
    await log.close();
  });

  it('keeps what a run was about to put in place, beside its pages', async () => {
    let log = await PageLog.create(path, head);
    await readThrough(log);
    log.prepare({ rows: 3 });
    log = await reopen(log);
    expect(log.prepared).toEqual({ rows: 3 });
    expect({ pages: log.pages, fetched: (await readThrough(log)).fetched }).toEqual({
      pages: 3,
      fetched: [],
    });
    await log.close();
  });

  it('is gone once a run needs it no more, whoever removed it', async () => {
    await writeLog();
    await PageLog.discard(path);
    await PageLog.discard(path);
    await expect(stat(path)).rejects.toThrow('ENOENT');
    const log = await PageLog.create(path, head);
    await rm(path);
    await log.remove();
    await writeFile(path, 'a note');
    await expect(PageLog.discard(path)).rejects.toMatchObject({ code: 'foreign-file' });
  });

  it('has a head of any length', async () => {
    const topic = { body: { tags: Array.from({ length: 50_000 }, (_, index) => `tag ${index}`) } };
    await (await PageLog.create(path, { ...head, topic })).close();
    expect(await PageLog.peek(path)).toMatchObject({ topic });
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, 400_000));
    expect(await PageLog.peek(path)).toBeUndefined();
  });

  it('tells readings of the account apart', async () => {
    await writeLog();
    const log = await PageLog.resume(path);
    let fetched = 0;
    const fetchPage = through(log, () => {
      fetched += 1;
      return texts[2] as string;
    });
    await fetchPage({ round: '2', page: 1 }, signal);
    await fetchPage({ round: '2', page: 1 }, signal);
    await log.close();
    expect(fetched).toBe(1);
  });

  describe('with pages that come again', () => {
    const [first = '', second = ''] = texts;

    /** Reads a page of a walk that is to be repeated, as the service answers it by now. */
    function ask(log: PageLog, round: string, page: number, text?: string) {
      const read = log.remember({
        fetchPage: async (_page, _signal, decode) => {
          if (text === undefined) throw new Error('it is in the log');
          return decode(Buffer.from(text));
        },
        decode: (bytes) => readPage(bytes, contactKey),
        repeats: true,
      });
      return read({ round, page }, signal);
    }

    it('holds once what came twice, and answers for both, also in another run', async () => {
      const text = `{"data":[{"_id":"0","name":"Ann"},{"_id":"1"}]}${' '.repeat(10_000)}`;
      let log = await PageLog.create(path, head);
      const once = await ask(log, '1', 1, text);
      const { size } = await stat(path);
      const again = await ask(log, '2', 1, text);
      expect((await stat(path)).size).toBeLessThan(size + 100);
      await ask(log, '2', 2, second);
      for (const [ann] of [once, again]) {
        expect(ann).toMatchObject({ key: '0', keyless: false, record: { _id: '0', name: 'Ann' } });
        const { json, jsonBytes, plainJson } = ann ?? {};
        expect([json, `${jsonBytes}`, `${plainJson}`]).toEqual(
          Array(3).fill('{"_id":"0","name":"Ann"}'),
        );
      }
      log = await reopen(log);
      const keysOf = async (round: string, page: number) =>
        (await ask(log, round, page)).map(({ key }) => key);
      expect(await keysOf('1', 1)).toEqual(['0', '1']);
      expect(await keysOf('2', 1)).toEqual(['0', '1']);
      expect(await keysOf('2', 2)).toEqual(['1']);
      await log.close();
    });

    it('does not read what came again, unless somebody asks', async () => {
      const log = await PageLog.create(path, head);
      let reads = 0;
      const read = log.remember({
        fetchPage: async (_page, _signal, decode) => decode(Buffer.from(first)),
        decode(bytes) {
          reads += 1;
          return readPage(bytes, contactKey);
        },
        repeats: true,
      });
      await read({ round: '1', page: 1 }, signal);
      const [again] = await read({ round: '2', page: 1 }, signal);
      expect([again?.key, reads]).toEqual(['0', 1]);
      expect([again?.record, again?.json, reads]).toEqual([
        { _id: '0', name: 'Ann' },
        expect.any(String),
        2,
      ]);
      await log.close();
    });

    it('reads what changed, also where it is as long as it was', async () => {
      const log = await PageLog.create(path, head);
      await ask(log, '1', 1, first);
      const [changed] = await ask(log, '2', 1, first.replace('"0"', '"9"'));
      expect(changed?.key).toBe('9');
      const [renamed] = await ask(log, '3', 1, first.replace('Ann', 'Eve'));
      expect(renamed?.record).toEqual({ _id: '0', name: 'Eve' });
      await log.close();
    });

    it.each([
      ['told apart by their content alone', '{"name":"Ann"},{"_id":"b"},{"name":"Ann"}'],
      ['of an id with half a character', '{"_id":"a\\ud800"},{"_id":"c"}'],
      ['of an id in two lines', '{"_id":"a\\nb"},{"_id":"c"}'],
    ])('reads again those that are %s', async (_which, records) => {
      const log = await PageLog.create(path, head);
      const text = `{"data":[${records}]}`;
      const readings = [await ask(log, '1', 1, text), await ask(log, '2', 1, text)];
      const [once, again] = readings.map((found) =>
        found.map(({ key, keyless }) => [key, keyless]),
      );
      expect(again).toEqual(once);
      expect(again?.length).toBe(JSON.parse(text).data.length);
      await log.close();
    });

    it('ends where a page lies further on than what says so', async () => {
      await writeLog();
      const { size } = await stat(path);
      await appendFile(path, `1 records\n2 1 10 at ${size}\n\n`);
      const log = await PageLog.resume(path);
      expect((await stat(path)).size).toBe(size);
      await log.close();
    });

    it('forgets what came after a page that was damaged, wherever its bytes are', async () => {
      let log = await PageLog.create(path, head);
      await ask(log, '1', 1, first);
      await ask(log, '1', 2, second);
      await ask(log, '2', 1, first);
      const whole = await readFile(path);
      whole.fill(0, whole.indexOf('Bob'), whole.indexOf('Bob') + 3);
      await writeFile(path, whole);
      log = await reopen(log);
      await ask(log, '1', 1);
      await ask(log, '1', 2, second);
      await expect(ask(log, '2', 1)).rejects.toThrow('it is in the log');
      await ask(log, '1', 1);
      await log.close();
    });
  });

  it('answers for what must be fresh only when this run reads once more', async () => {
    await writeLog();
    let log = await PageLog.resume(path);
    let fetched = 0;
    const text = () => {
      fetched += 1;
      return `{"success":true,"data":[{"_id":"fresh ${fetched}"}]}`;
    };
    const afresh = { round: '1', page: 2, afresh: true };
    const ask = async (request = afresh) => (await through(log, text)(request, signal))[0]?.key;
    expect(await ask()).toBe('fresh 1');
    // The next run has to see for itself.
    log = await reopen(log);
    expect(await ask()).toBe('fresh 2');
    expect(await ask()).toBe('fresh 3');
    log.replay();
    expect(await ask()).toBe('fresh 3');
    expect(await ask({ ...afresh, page: 3 })).toBe('fresh 4');
    expect(await ask({ ...afresh, afresh: false })).toBe('1');
    await log.close();
  });

  it('keeps pages whole that arrive at the same moment', async () => {
    const log = await PageLog.create(path, head);
    const fetchPage = through(log, (page) => {
      const data = [{ _id: `${page}`, text: 'x'.repeat(page * 1000) }];
      return JSON.stringify({ success: true, data });
    });
    const pages = Array.from({ length: 50 }, (_, index) => index + 1);
    await Promise.all(pages.map((page) => fetchPage({ round: '1', page }, signal)));
    await log.close();
    const again = await PageLog.resume(path);
    expect(again.pages).toBe(50);
    const fromLog = through(again, () => {
      throw new Error('not in the log');
    });
    for (const page of pages) {
      const [contact] = await fromLog({ round: '1', page }, signal);
      expect(contact?.key).toBe(`${page}`);
    }
    await again.remove();
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
