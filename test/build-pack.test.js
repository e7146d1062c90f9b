import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { pack } from '../src/build-pack.js';

const folders = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** start leads to both by a dynamic import, and all take their counter from one part. */
const chunks = [
  {
    name: 'start.js',
    code: 'const c=require("./chunk-A.js");exports.packed=()=>require("./list.js").up();exports.apart=()=>require("./socks.js").up();exports.late=()=>{const z=require("node:zlib");return z.crc32!==undefined};',
  },
  {
    name: 'chunk-A.js',
    code: 'let n=0;exports.up=()=>++n;exports.isDot=(t)=>/^[…\xb7]$/.test(t);',
  },
  { name: 'list.js', code: 'exports.up=require("./chunk-A.js").up;' },
  { name: 'socks.js', code: 'exports.up=require("./chunk-A.js").up;' },
];
const outputs = {
  'dist/start.js': {
    imports: [
      { path: 'dist/chunk-A.js', kind: 'import-statement' },
      { path: 'dist/list.js', kind: 'dynamic-import' },
      { path: 'dist/socks.js', kind: 'dynamic-import' },
      { path: 'node:zlib', kind: 'import-statement' },
    ],
  },
  'dist/chunk-A.js': { imports: [] },
  'dist/list.js': {
    entryPoint: 'src/commands/contacts/list.ts',
    imports: [{ path: 'dist/chunk-A.js', kind: 'import-statement' }],
  },
  'dist/socks.js': {
    entryPoint: 'src/api/socks.ts',
    imports: [{ path: 'dist/chunk-A.js', kind: 'import-statement' }],
  },
};

test('what few runs need stays apart, and shares with the script what both need', async () => {
  const files = await pack(chunks, outputs, 'start.js');
  expect(files.map(({ name }) => name)).toEqual(['start.js', 'socks.js']);
  const folder = mkdtempSync(join(tmpdir(), 'reekolect-pack-'));
  folders.push(folder);
  for (const { name, code } of files) writeFileSync(join(folder, name), code, 'latin1');
  const require = createRequire(import.meta.url);
  const { packed, apart, late, load } = require(join(folder, 'start.js'));
  expect([packed(), apart(), packed(), apart()]).toEqual([1, 2, 3, 4]);
  expect(late()).toBe(true);
  // Read byte for byte, as the cache does.
  expect(['…', '\xb7', 'x'].map(load('./chunk-A.js').isDot)).toEqual([true, true, false]);
});

test('a script that something large got into fails the build', async () => {
  const huge = chunks.map((it) =>
    it.name === 'list.js' ? { ...it, code: `${it.code}exports.x='${'x'.repeat(800_000)}'` } : it,
  );
  await expect(pack(huge, outputs, 'start.js')).rejects.toThrow('name what few runs need');
});

test('a helper of esbuild that the parts do not share fails the build', async () => {
  const code = 'var __reExport=()=>{};var stdin_exports={};module.exports=stdin_exports;';
  const strange = chunks.map((it) => (it.name === 'list.js' ? { ...it, code } : it));
  await expect(pack(strange, outputs, 'start.js')).rejects.toThrow('a helper __reExport');
});
