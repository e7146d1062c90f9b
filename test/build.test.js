import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { checkStubs, checkVersions, stubs } from '../src/build-stubs.js';

const root = new URL('..', import.meta.url).pathname;

/** Builds what would be a file of got's. */
function buildInGot(contents) {
  const stdin = { contents, resolveDir: root, sourcefile: `${root}node_modules/got/part.js` };
  return build({ stdin, bundle: true, write: false, plugins: [stubs], logLevel: 'silent' });
}

describe('the build', () => {
  it('takes exactly the version of got that its stubs were made for', () => {
    const { devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
    expect(devDependencies.got).toMatch(/^\d+\.\d+\.\d+$/);
    expect(() => checkVersions()).not.toThrow();
    expect(() => checkVersions({ got: devDependencies.got })).not.toThrow();
  });

  it('fails for another version, and says where to look', () => {
    const said = /got is \S+, but src\/build-stubs.js was made for 1.2.3: look at what it imports/;
    expect(() => checkVersions({ got: '1.2.3' })).toThrow(said);
  });

  it('leaves out what a stub stands for', async () => {
    const { outputFiles } = await buildInGot("import A from 'cacheable-lookup'; new A();");
    expect(outputFiles[0].text).not.toContain('dns');
  });

  it('fails for an import that a stub does not provide, and names it', async () => {
    const building = buildInGot("import { brandNew } from 'cacheable-request'; brandNew();");
    await expect(building).rejects.toThrow(/no longer fits: .*cacheable-request.*"brandNew"/);
  });

  it('fails for a stub that nothing imports any more', () => {
    expect(() => checkStubs()).toThrow(/that nothing imports: .*http2-wrapper/);
  });
});
