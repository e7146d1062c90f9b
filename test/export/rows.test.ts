import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/cli.ts';
import { runMain } from '../support/context.ts';
import { idOf, serve } from '../support/service.ts';

function contact(n: number, attributes: { readonly [key: string]: string }) {
  const list = Object.entries(attributes).map(([key, value]) => ({ key, value }));
  return { _id: idOf(n), profile: { userDetails: { attributes: list } } };
}

describe('--columns attrs, which reads twice, while a contact comes with an attribute of its own', () => {
  it('has a column for it, or leaves the contact to the next run, whenever it comes', async () => {
    const folder = await tempFolder();
    const held: boolean[] = [];
    await Promise.all(
      [0, 3, 5, 6, 7, 8, 9, 10, 12].map(async (at, index) => {
        const contacts = [5, 4, 3, 2, 1].map((n) => contact(n, { city: `town ${n}` }));
        const service = await serve({
          contacts,
          pageSize: 2,
          before: () => {
            if (service.requests.length === at + 1) service.insert(contact(99, { shoe: '44' }));
          },
        });
        const file = join(folder, `${at}.csv`);
        const args = [
          'contacts',
          'export',
          '-o',
          file,
          '--columns',
          'id,attrs',
          '--concurrency',
          '1',
        ];
        expect(await runMain(args, { service })).toMatchObject({ exit: 0 });
        const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
        const [names = [], ...rows] = lines.map((line) => line.split(','));
        const found = rows.some(([id]) => id === idOf(99));
        held[index] = found;
        expect(names.slice(0, 2)).toEqual(['id', 'attr.city']);
        expect(names.includes('attr.shoe')).toBe(found);
        expect(rows.flat().includes('44')).toBe(found);
        expect(rows.filter(([id]) => id !== idOf(99))).toHaveLength(5);
      }),
    );
    expect(held[0]).toBe(true);
    expect(held.at(-1)).toBe(false);
  });
});
