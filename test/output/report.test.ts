import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMain } from '../support/context.ts';
import { idOf, serve } from '../support/service.ts';

const agent = '65e2000000000000000a6e01';
const hostile = '</style><script>alert(1)</script>';

function person(n: number, tags: readonly string[]) {
  return {
    _id: idOf(n),
    createdAt: `2026-11-0${1 + (n % 3)}T10:00:00.000Z`,
    _agentAssigned: agent,
    profile: { userDetails: { tags } },
  };
}

const threeTags = [['vip', hostile], ['vip'], ['\u001b[31mred']];

function picture(extension: string, ...words: readonly string[]) {
  return pictureOf(threeTags, extension, words);
}

/** Of people who have these tags. */
async function pictureOf(
  tags: readonly (readonly string[])[],
  extension: string,
  words: readonly string[],
) {
  const service = await serve({
    contacts: tags.map((each, n) => person(n + 1, each)),
    agents: [{ _id: agent, name: 'Nomsa & Co' }],
  });
  const file = join(mkdtempSync(join(tmpdir(), 'reekolect-')), `report.${extension}`);
  const args = ['contacts', 'stats', '--tz', 'Africa/Johannesburg', '-o', file, ...words];
  const outcome = await runMain(args, { service, now: new Date('2026-11-05T00:00:00Z') });
  return { ...outcome, file, service };
}

test('a report is one page of charts, each with its table, that reaches for nothing', async () => {
  const words = ['--by', 'created:day,tag,agent', '--where', 'tags'];
  const { exit, stdout, stderr, file } = await picture('html', ...words);
  expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: '', stderr: '' });
  const page = readFileSync(file, 'utf8');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(page.match(/<svg role="img" aria-label=/g)).toHaveLength(3);
  expect(page.match(/<table>/g)).toHaveLength(3);
  expect(page).toContain('<th scope="row">vip</th><td>2</td><td>66.7 %</td>');
  expect(page).toContain('Nomsa &amp; Co');
  expect(page).not.toContain(agent);
  expect(page).toContain('--where tags');
  expect(page).toContain('<dt>time</dt><dd>2026-11-05T00:00:00Z</dd>');
  expect(page).toContain('<dt>zone</dt><dd>Africa/Johannesburg</dd>');
  expect(page).not.toMatch(/(?:src|href)=|url\(|@import/);
});

test.each(['html', 'svg'])('what strangers type is text in %s', async (extension) => {
  const { file } = await picture(extension, '--by', 'tag');
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain('<script');
  expect(text).not.toContain('\u001b');
  expect(text).toContain('&lt;/style&gt;');
  expect(text.match(/<\/style>/g)?.length ?? 0).toBe(text.match(/<style\b/g)?.length ?? 0);
});

test('a picture holds every chart, and takes no columns', async () => {
  const { exit, file } = await picture('svg', '--by', 'tag,created:day');
  expect(exit).toBe(0);
  const svg = readFileSync(file, 'utf8');
  expect(svg).toMatch(/^<svg role="img" aria-label="Tag, Created by day" /);
  expect(svg.match(/<svg/g)).toHaveLength(1);
  const refused = await picture('svg', '--columns', 'by');
  expect(refused.exit).toBe(2);
  expect(refused.service.requests).toEqual([]);
});

test('a chart of very many bars shows the first, and says so; the table has all', async () => {
  const tags = [Array.from({ length: 1200 }, (_, n) => `tag ${n}`)];
  const words = ['--by', 'tag', '--all'];
  const html = readFileSync((await pictureOf(tags, 'html', words)).file, 'utf8');
  expect(html.match(/<th scope="row">tag /g)).toHaveLength(1200);
  expect(html).toContain('<figcaption>the first 100 of 1,200</figcaption>');
  const svg = readFileSync((await pictureOf(tags, 'svg', words)).file, 'utf8');
  expect(svg.match(/>tag \d+</g)).toHaveLength(100);
  expect(svg).toContain('>Tag, the first 100 of 1,200<');
});

test('names that mean something to JavaScript or XML are labels like others', async () => {
  const members = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const tags = [...members, `__proto__${'x'.repeat(40)}`, 'non\uffffcharacter', '<i>&'];
  const { file, exit } = await pictureOf([tags], 'svg', ['--by', 'tag']);
  expect(exit).toBe(0);
  const svg = readFileSync(file, 'utf8');
  for (const name of members) expect(svg).toContain(`>${name}<`);
  const inElements = svg.replaceAll(/<!\[CDATA\[[^<]*\]\]>/g, '');
  expect(inElements.replaceAll(/<\/?[\w:-]+(?:\s[\w:-]+="[^"<]*")*\s*\/?>/g, '')).not.toContain(
    '<',
  );
  expect(svg).not.toMatch(/[\u2060\uffff]|&(?!\w+;)/);
  const inherited: string[] = [];
  for (const key in {}) inherited.push(key);
  expect(inherited).toEqual([]);
});
