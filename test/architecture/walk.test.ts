import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../../src/', import.meta.url));
const text = readFileSync(`${src}README.md`, 'utf8');
const named = [...text.matchAll(/`((?:[\w-]+\/)*[\w.-]+\.(?:ts|js))`/g)].map(
  ([, path]) => path ?? '',
);

test('the walk through the code names many files', () => {
  expect(named.length).toBeGreaterThan(30);
});

test.each([...new Set(named)])('%s, which it names, is there', (path) => {
  const root = path.startsWith('test/') ? `${src}../` : src;
  expect(existsSync(root + path)).toBe(true);
});
