// The licences of what is bundled: those of the packages, and of what was compiled into their WebAssembly.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const texts = new URL('licences', import.meta.url).pathname;

/** Package → the files in src/licences that go with its WebAssembly. */
const compiledIn = {
  'jq-wasm': ({ version }) => [version.replace(/^.*-jq-/, 'jq-'), 'oniguruma', ...runtime],
  'node-sqlite3-wasm': () => ['sqlite', ...runtime],
};
const runtime = ['emscripten', 'musl'];

/** The names of the packages' folders, below `root`, that the files of a build came from. */
export function packagesOf(inputs) {
  const folders = Object.keys(inputs).flatMap(
    (input) => input.match(/^.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[0] ?? [],
  );
  return [...new Set(folders)].sort();
}

/** All of them as one text. Throws where one is not known. */
export function licencesOf(root, folders) {
  return folders
    .flatMap((folder) => {
      const facts = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const parts = compiledIn[facts.name]?.(facts) ?? [];
      return [
        `${facts.name} ${facts.version}\n\n${ownText(join(root, folder), facts)}`,
        ...parts.map((part) => `${part}, in ${facts.name}\n\n${textOf(part)}`),
      ];
    })
    .map((text) => `${text.trim()}\n`)
    .join(`\n${'-'.repeat(72)}\n\n`);
}

function ownText(folder, { name }) {
  const files = readdirSync(folder, { recursive: true })
    .filter((path) => /^(?:licen[cs]e|notice|copying)[^/]*$|^licenses\/./i.test(path))
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile());
  if (files.length > 0) return files.map((file) => readFileSync(file, 'utf8').trim()).join('\n\n');
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const [, text] = /^#+ *licen[cs]e\s+(.*)$/ims.exec(readme) ?? [];
  if (!/copyright/i.test(text ?? '')) throw new Error(`${name} has no text of its licence`);
  return text;
}

function textOf(part) {
  const file = join(texts, `${part}.txt`);
  if (!existsSync(file)) throw new Error(`src/licences has no ${part}.txt: put its licence there`);
  return readFileSync(file, 'utf8');
}
