// Bundles the tool into dist/, one chunk for each thing that is loaded on demand, and writes
// down the licences of what went in, and the manual page.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { build, transform } from 'esbuild';
import { licencesOf, packagesOf } from './build-licences.js';
import { pack } from './build-pack.js';
import { checkStubs, checkVersions, lazyFormatters, stubs } from './build-stubs.js';

const root = new URL('..', import.meta.url).pathname;
const dist = join(root, 'dist');

const asJson = {
  name: 'as-json',
  setup({ onLoad }) {
    onLoad({ filter: /metadata\.min\.json\.js$/ }, async ({ path }) => {
      const { default: data } = await import(path);
      return { contents: `export default ${jsonOf(data)};` };
    });
  },
};

/** Of the phone library's data, all countries' plans in full, most runs need no more than this. */
const numberingPlans = {
  name: 'numbering-plans',
  setup({ onLoad }) {
    onLoad({ filter: /src\/records\/numbering-plans\.ts$/ }, async ({ path }) => {
      const options = { bundle: true, format: 'esm', platform: 'node', write: false };
      const { outputFiles } = await build({ ...options, entryPoints: [path] });
      const code = Buffer.from(outputFiles[0].contents).toString('base64');
      const found = await import(`data:text/javascript;base64,${code}`);
      return { contents: `export const numberingPlans = ${jsonOf(found.numberingPlans)};` };
    });
  },
};

/** JSON text is read several times faster than the same object as code. */
function jsonOf(value) {
  return `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
}

checkVersions();

const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: [
    'src/start.ts',
    'src/man.ts',
    'src/output/jq-worker.js',
    'src/records/phone-library.ts',
  ],
  outdir: 'dist',
  entryNames: '[name]',
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  metafile: true,
  plugins: [stubs, lazyFormatters, asJson, numberingPlans],
  // What pg would take in place of its own parts, and never does here.
  external: ['pg-native', 'pg-cloudflare'],
  write: false,
  legalComments: 'none',
});

checkStubs();

// Node loads CommonJS in two thirds of the time of ES modules, but esbuild splits only those: so
// the chunks are turned afterwards, and what they import on demand is required on demand.
const chunks = await Promise.all(
  outputFiles.map(async ({ path, text }) => {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      minifyWhitespace: true,
      supported: { 'dynamic-import': false },
      define: { 'import.meta.dirname': '__dirname' },
    });
    return { name: basename(path), code };
  }),
);

const licences = licencesOf(root, packagesOf(metafile.inputs));

// Only a build that succeeded takes the place of the last one.
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
for (const { name, code } of await pack(chunks, metafile.outputs, 'start.js')) {
  writeFileSync(join(dist, name), code);
}
// SQLite for a Node that has none of its own; it looks for it beside its script.
const wasm = 'node-sqlite3-wasm.wasm';
copyFileSync(join(root, 'node_modules/node-sqlite3-wasm/dist', wasm), join(dist, wasm));

writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licences);

// The manual page is written by the commands themselves; what writes it is not shipped.
const { wholeProgram, manPage } = createRequire(import.meta.url)('../dist/man.js');
const epoch = process.env.SOURCE_DATE_EPOCH;
const date = epoch === undefined ? new Date() : new Date(Number(epoch) * 1000);
writeFileSync(join(dist, 'reekolect.1'), manPage(await wholeProgram(), date));
rmSync(join(dist, 'man.js'));
// It leads nowhere else than to the chunk that is loaded late.
rmSync(join(dist, 'phone-library.js'));

// Help for a pipe is the same for all, and answered without the program.
const help = spawnSync(process.execPath, [join(root, 'bin/reekolect.js'), '--help'], {
  env: { NODE_DISABLE_COMPILE_CACHE: '1' },
});
if (help.status !== 0) throw new Error(`--help ended with ${help.status}: ${help.stderr}`);
writeFileSync(join(dist, 'help.txt'), help.stdout);
