'use strict';

// Keeps compiled code between runs, in a folder of our own that nobody else may write: whoever can
// write a code cache runs code as its reader. At the least doubt the plain source is compiled.

const fs = require('node:fs');
const { join, dirname, isAbsolute } = require('node:path');

/**
 * Runs that need much the same code share a cache: it holds the functions that the first of them ran
 * that did what it was asked. One that only tells what it would do runs few.
 */
const kinds = [
  '--help',
  '-h',
  '--dry-run',
  '__complete',
  'export',
  'list',
  'get',
  'count',
  'stats',
  'help',
];

/** Loads a script, from the cache where that is safe. */
function load(file) {
  const { env, argv } = process;
  const { crc32 } = require('node:zlib');
  const isWanted = crc32 !== undefined && !env.NODE_DISABLE_COMPILE_CACHE;
  const folder = isWanted ? cacheFolder(env) : undefined;
  if (folder === undefined) return require(file);
  const kind = kinds.find((word) => argv.includes(word, 2)) ?? 'other';
  return loadWithCachedData(
    file,
    join(folder, `${process.version}-${process.arch}-${kind.replace(/^-+/, '')}-`),
    crc32,
  );
}

/** The checked folder of the cache, made where it is missing; undefined if it must not be used. */
function cacheFolder(env) {
  const uid = process.geteuid?.();
  const base = env.XDG_CACHE_HOME || (env.HOME && join(env.HOME, '.cache'));
  if (uid === undefined || !base || !isAbsolute(base)) return undefined;
  try {
    if (!fs.existsSync(base)) {
      if (!isSafe(dirname(base), uid)) return undefined;
      fs.mkdirSync(base, { mode: 0o700 });
    }
    if (!isSafe(base, uid)) return undefined;
    const folder = join(fs.realpathSync(base), 'reekolect');
    if (!fs.existsSync(folder)) fs.mkdirSync(folder, { mode: 0o700 });
    return isOurs(folder, uid) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Whether nobody but the user and root can put something else in the place of a folder. */
function isSafe(folder, uid) {
  return isSafeAsNamed(folder, uid) && isSafeAsNamed(fs.realpathSync(folder), uid);
}

function isSafeAsNamed(path, uid) {
  const stat = fs.lstatSync(path);
  const shared = !stat.isSymbolicLink() && (stat.mode & 0o022) !== 0 && (stat.mode & 0o1000) === 0;
  if ((stat.uid !== uid && stat.uid !== 0) || shared) return false;
  return dirname(path) === path || isSafeAsNamed(dirname(path), uid);
}

/** Whether a folder and all in it belong to the user, none of it a link or writable by others. */
function isOurs(path, uid) {
  const stat = fs.lstatSync(path);
  if (stat.uid !== uid || (stat.mode & 0o022) !== 0) return false;
  if (stat.isDirectory())
    return fs.readdirSync(path).every((name) => isOurs(join(path, name), uid));
  return stat.isFile();
}

/**
 * The cache's name stands for the source: V8 itself compares no more than its length. Node's own
 * cache, from 22 on, keeps no more than the first run needed, and has none for 20.
 */
function loadWithCachedData(file, prefix, crc32) {
  const { Module, wrap } = require('node:module');
  const { Script } = require('node:vm');
  const bytes = fs.readFileSync(file);
  // The build sees to it that each byte is a character.
  const source = bytes.toString('latin1');
  const cache = `${prefix}${crc32(bytes).toString(16)}-${bytes.length}.bin`;
  const cachedData = read(cache, crc32);
  const script = new Script(wrap(source), { filename: file, cachedData });
  // As require would, for the chunks apart that ask for it.
  const module = new Module(file);
  module.filename = file;
  module.loaded = true;
  require.cache[file] = module;
  const run = script.runInThisContext();
  run.call(module.exports, module.exports, Module.createRequire(file), module, file, dirname(file));
  if (cachedData === undefined || script.cachedDataRejected) {
    // At the end it holds the functions that were needed.
    process.once('exit', (code) => {
      if (code === 0) write(cache, script.createCachedData(), prefix, crc32);
    });
  }
  return module.exports;
}

/** The data of a file that is whole: V8 would crash on a damaged one. */
function read(file, crc32) {
  try {
    const bytes = fs.readFileSync(file);
    const data = bytes.subarray(4);
    return bytes.readUInt32LE() === crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces what other versions of the script left there. A failure costs time at the next start only. */
function write(file, data, prefix, crc32) {
  const temporary = `${file}.${process.pid}`;
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(data));
  try {
    fs.writeFileSync(temporary, Buffer.concat([sum, data]), { flag: 'wx', mode: 0o600 });
    for (const name of fs.readdirSync(dirname(file))) {
      const old = join(dirname(file), name);
      if (old.startsWith(prefix) && name.endsWith('.bin')) fs.rmSync(old, { force: true });
    }
    fs.renameSync(temporary, file);
  } catch {
    fs.rmSync(temporary, { force: true });
  }
}

module.exports = { load };
