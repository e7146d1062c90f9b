// Puts the chunks that most runs need into one script: reading, checking and compiling dozens of
// files takes half as long again as Node's own start. Each part still runs when it is first asked
// for, and only once, whoever asks. What few runs need, and is large, stays in files of its own.
import { transform } from 'esbuild';

/** What stays apart, by a part of its source's path. */
const apart = [
  'node_modules/conf/',
  'node_modules/ora/',
  'node_modules/temporal-polyfill/',
  'src/api/socks.ts',
  'src/api/http-proxy.ts',
  'src/output/formats/parquet.ts',
  'src/output/formats/xlsx.ts',
  'src/cli/help/topics.ts',
  'src/commands/doctor/examine.ts',
  'node_modules/node-sqlite3-wasm/',
  'src/sandbox/sandbox.ts',
  'src/cli/help/topics.ts',
  'src/sync/',
  'src/watch/',
  'src/output/picture.ts',
  'src/output/report.ts',
  'src/commands/leads.ts',
  'src/commands/contacts/stats-charts.ts',
  'src/cli/mistakes.ts',
  'src/output/formats/vcf.ts',
  'src/output/formats/markdown.ts',
  'src/database/',
];

/** So does this package, which hardly any number needs. */
const apartPackage = 'node_modules/libphonenumber-js/';

/** Bytes of the script: something that few runs need has got into it when it grows beyond. */
const limit = 540_000;

/** What each chunk takes from esbuild, once for all parts: in their own, exports are copied to and fro. */
const sharedHelpers = `
  const __export = (target, all) => {
    for (const name in all) Object.defineProperty(target, name, { get: all[name], enumerable: true });
  };
  const __toCommonJS = (target) => Object.defineProperty(target, "__esModule", { value: true });
  const __toESM = (exported) =>
    exported.__esModule ? exported : Object.create(exported, { default: { value: exported } });
`;

/** These cost half a millisecond or more, and many runs use them late or never. */
const lateBuiltins =
  'child_process|crypto|fs/promises|https|net|os|readline/promises|timers/promises|tls|tty|zlib';

/** So do these packages: tables of widths, and of all countries' numbers. */
const latePackages = /node_modules\/(?:string-width|libphonenumber-js)\//;

/**
 * Chunks {name, code} of CommonJS → the files to write. `outputs` is esbuild's account of them;
 * `entry` is the chunk that the program starts with, and the name of the script.
 */
export async function pack(chunks, outputs, entry) {
  const packed = reach(outputs, entry);
  const parts = chunks.filter(({ name }) => packed.has(name));
  const rest = chunks.filter(({ name }) => !packed.has(name));
  const code = await minify(scriptOf(parts, entry, lateChunks(outputs)));
  if (code.length > limit) {
    throw new Error(
      `${entry} has ${code.length} bytes of ${limit}: name what few runs need in src/build-pack.js`,
    );
  }
  const apart = rest.map(async (chunk) => ({
    name: chunk.name,
    code: await minify(fromOutside(chunk, packed, entry)),
  }));
  return [{ name: entry, code }, ...(await Promise.all(apart))];
}

async function minify(code) {
  return inAscii((await transform(code, { target: 'node20', minify: true })).code);
}

/** The chunks that the entry leads to, but for those that stay apart and what only they need. */
function reach(outputs, entry) {
  const found = new Set();
  const named = new Map(Object.entries(outputs).map(([path, it]) => [fileOf(path), it]));
  const visit = (name) => {
    if (found.has(name)) return;
    found.add(name);
    for (const { path } of named.get(name).imports) {
      const target = named.get(fileOf(path));
      if (target === undefined) continue;
      if (!isApart(target)) visit(fileOf(path));
    }
  };
  visit(entry);
  return found;
}

function isApart({ entryPoint = '', inputs = {} }) {
  const ofPackage = Object.keys(inputs).some((path) => path.includes(apartPackage));
  return ofPackage || apart.some((path) => entryPoint.includes(path));
}

function fileOf(path) {
  return path.split('/').at(-1);
}

function lateChunks(outputs) {
  return Object.entries(outputs)
    .filter(([, { inputs = {} }]) => Object.keys(inputs).some((path) => latePackages.test(path)))
    .map(([path]) => fileOf(path));
}

function scriptOf(parts, entry, chunks) {
  const names = [`(?:node:)?(?:${lateBuiltins})`, ...chunks.map((name) => `\\./${name}`)];
  const late = new RegExp(`=require\\(("(?:${names.join('|')})")\\)`, 'g');
  const functions = parts.map(({ name, code }) => {
    const body = withoutHelpers(code).replace(late, '=late($1)');
    return `${quoted(name)}(module,exports,require,late){${body}\n}`;
  });
  return `'use strict';${sharedHelpers}(${runParts})(exports,require,${quoted(entry)},{
${functions.join(',\n')}
});
`;
}

const knownHelpers = new Set(
  'create defProp getOwnPropDesc getOwnPropNames getProtoOf hasOwnProp export copyProps toESM toCommonJS'.split(
    ' ',
  ),
);

/** Each chunk begins with esbuild's helpers, which all parts share. Throws at one that they don't. */
function withoutHelpers(code) {
  const [helpers] = /^var __.*?;(?=var stdin_exports=\{\};)/s.exec(code) ?? [''];
  for (const [, name] of helpers.matchAll(/\b__(\w+)=/g)) {
    if (!knownHelpers.has(name))
      throw new Error(`esbuild has a helper __${name}, and sharedHelpers not`);
  }
  return code.slice(helpers.length);
}

/** The script is read byte for byte; esbuild leaves other characters in regular expressions only. */
function inAscii(code) {
  return code.replace(
    /[^\0-\x7f]/g,
    (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Stands in the script itself. */
function runParts(exports, outside, entry, parts) {
  const loaded = Object.create(null);
  const load = (name) => {
    if (parts[name] === undefined) return outside(name);
    if (loaded[name] === undefined) {
      loaded[name] = { exports: {} };
      parts[name](loaded[name], loaded[name].exports, load, late);
    }
    return loaded[name].exports;
  };
  const late = (name) => {
    let found;
    return new Proxy(
      {},
      {
        get(_, key) {
          found ??= load(name);
          return found[key];
        },
      },
    );
  };
  exports.load = load;
  Object.assign(exports, load(entry));
}

/** Chunks apart find in the script what is packed there. */
function fromOutside({ code }, packed, entry) {
  const asked = /\brequire\("\.\/([^"]+)"\)/g;
  return code.replace(asked, (text, other) =>
    packed.has(other) ? `require(${quoted(entry)}).load(${quoted(other)})` : text,
  );
}

function quoted(name) {
  return JSON.stringify(`./${name}`);
}
