import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { licencesOf } from '../src/build-licences.js';
import { stubs } from '../src/build-stubs.js';

const root = new URL('..', import.meta.url).pathname;
const shipped = readFileSync(`${root}dist/THIRD-PARTY-LICENSES.txt`, 'utf8');

/** A package of this name alone, in a folder of its own. */
function licencesOfOne(facts, files) {
  const folder = mkdtempSync(join(tmpdir(), 'reekolect-licences-'));
  mkdirSync(join(folder, 'one'));
  for (const [name, text] of Object.entries({ 'package.json': JSON.stringify(facts), ...files })) {
    writeFileSync(join(folder, 'one', name), text);
  }
  return licencesOf(folder, ['one']);
}

describe('the licences of what is bundled', () => {
  it('name every package, with its version', async () => {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: ['src/start.ts', 'src/output/jq-worker.js'],
      outdir: 'unwritten',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      external: ['pg-native', 'pg-cloudflare'],
      plugins: [stubs],
      metafile: true,
      write: false,
      logLevel: 'silent',
    });
    const bundled = Object.values(metafile.outputs)
      .flatMap(({ inputs }) => Object.keys(inputs))
      .filter((path) => path.startsWith('node_modules/'))
      .map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)[1]);
    expect(bundled).toContain('node_modules/jq-wasm');
    for (const folder of new Set(bundled)) {
      const facts = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      expect(shipped).toContain(`${facts.name} ${facts.version}\n\n`);
    }
  });

  it('are there for the C code in WebAssembly, too', () => {
    for (const part of ['jq-1.8.2', 'oniguruma', 'emscripten', 'musl']) {
      expect(shipped).toMatch(new RegExp(`^${part}, in jq-wasm$`, 'm'));
    }
    expect(shipped).toMatch(/^sqlite, in node-sqlite3-wasm$/m);
    for (const owner of ['Stephen Dolan', 'Lucent', 'K.Kosako', 'Mike Bostock', 'Rich Felker']) {
      expect(shipped).toMatch(new RegExp(`copyright.*${owner}`, 'i'));
    }
  });

  it('are found in a file, in a README, or the build fails', () => {
    const facts = { name: 'one', version: '1.0.0' };
    expect(licencesOfOne(facts, { 'LICENCE.md': 'Free', NOTICE: 'By me' })).toBe(
      'one 1.0.0\n\nFree\n\nBy me\n',
    );
    const readme = '# One\n\n## License\n\nCopyright (c) me\n\nfree\n';
    expect(licencesOfOne(facts, { 'README.md': readme })).toContain('(c) me\n\nfree\n');
    expect(() => licencesOfOne(facts, { 'README.md': '# One' })).toThrow(/one has no text/);
  });

  it('of another jq have to be put there first', () => {
    const facts = { name: 'jq-wasm', version: '4.0.0-jq-1.9.0' };
    expect(() => licencesOfOne(facts, { LICENSE: 'Free' })).toThrow(/has no jq-1.9.0.txt/);
  });
});
