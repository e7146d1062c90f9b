// What the build leaves out of the packages: parts that are loaded at start for features that are
// never used here cost as much time as half of Node's own start. Each stub stands for what exactly
// its importer takes; the build fails when that is no longer so.
import { readFileSync } from 'node:fs';

const none = 'export default {};';
const noClass = 'export default class {};';

/** Importer → module → what stands in for it. */
const leftOut = {
  got: {
    'cacheable-request': `${noClass} export class CacheError extends Error {}`,
    'cacheable-lookup': noClass,
    'http2-wrapper': none,
    // Answers are unpacked by ourselves, forms are never sent.
    'decompress-response': 'export default (response) => response;',
    'form-data-encoder': 'export class FormDataEncoder {} export const isFormData = () => false;',
    // Names each request for listeners that nobody adds.
    'node:crypto': "export const randomUUID = () => '';",
    // Loaded when first used: 4 ms that a request over plain HTTP does not need.
    'node:https':
      "import { request } from 'node:https'; export default { get request() { return request; } };",
    'node:tls':
      "import { checkServerIdentity as check } from 'node:tls'; export const checkServerIdentity = (...facts) => check(...facts);",
  },
  // External subcommands.
  commander: { 'node:child_process': none },
  'http-proxy-agent': quiet(),
  'https-proxy-agent': quiet(),
  'socks-proxy-agent': { debug: quiet().debug },
};

/** With DEBUG set, they would print the proxy's password. */
function quiet() {
  return {
    debug: 'export default () => () => {};',
    'proxy-agent-negotiate': 'export const createNegotiateAuth = () => undefined;',
  };
}

/** A stub fits the source that it was made for: a new version is to be looked at first. */
const lookedAt = { got: '14.6.6', '@sindresorhus/is': '7.2.0' };

const met = new Set();

export const stubs = {
  name: 'stubs',
  setup({ onResolve, onLoad, onEnd }) {
    const names = new Set(Object.values(leftOut).flatMap((modules) => Object.keys(modules)));
    const filter = new RegExp(`^(${[...names].join('|')})$`);
    onResolve({ filter }, ({ path, importer }) => {
      const owner = importer.match(/^.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1];
      const contents = leftOut[owner]?.[path];
      if (contents === undefined) return undefined;
      met.add(`${owner} ${path}`);
      return { path: `${owner} ${path}`, namespace: 'stub', pluginData: contents };
    });
    onLoad({ filter: /.*/, namespace: 'stub' }, ({ pluginData }) => ({ contents: pluginData }));
    onEnd(({ errors }) => {
      const unfit = errors.filter(({ text }) => text.includes('"stub:'));
      if (unfit.length === 0) return;
      throw new Error(`a stub in src/build-stubs.js no longer fits: ${unfit[0].text}`);
    });
  },
};

const formatters = /^const (\w+) = (new Intl\.ListFormat\(.*\));$/gm;

/** @sindresorhus/is makes two formatters for its error texts at start: 7 to 10 ms. */
export const lazyFormatters = {
  name: 'lazy-formatters',
  setup({ onLoad }) {
    onLoad({ filter: /@sindresorhus\/is\/distribution\/index\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace(
        formatters,
        'const $1 = { format: (list) => $2.format(list) };',
      );
      const uses = source.match(/\b(and|or)Formatter\b(?!\.format\()/g) ?? [];
      if (source.match(formatters)?.length !== 2 || uses.length !== 2) {
        throw new Error(
          '@sindresorhus/is no longer holds two list formatters: see src/build-stubs.js',
        );
      }
      met.add('@sindresorhus/is formatters');
      return { contents };
    });
  },
};

/** Throws when a package is not the version that its stubs were made for. */
export function checkVersions(versions = lookedAt) {
  for (const [name, version] of Object.entries(versions)) {
    const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
    const { version: found } = JSON.parse(readFileSync(file, 'utf8'));
    if (found !== version) {
      throw new Error(
        `${name} is ${found}, but src/build-stubs.js was made for ${version}: look at what it imports, then change the version there`,
      );
    }
  }
}

/** Throws when a stub stands for something that is not imported any more. */
export function checkStubs() {
  const expected = Object.entries(leftOut).flatMap(([owner, modules]) =>
    Object.keys(modules).map((path) => `${owner} ${path}`),
  );
  const unused = [...expected, '@sindresorhus/is formatters'].filter((name) => !met.has(name));
  if (unused.length > 0) {
    throw new Error(`stubs in src/build-stubs.js that nothing imports: ${unused.join(', ')}`);
  }
}
