'use strict';

// Keeps compiled code between runs, in a folder of our own that nobody else may write: whoever can
// write a code cache runs code as its reader. At the least doubt the plain source is compiled.

const fs = require('node:fs');
const { join, dirname, isAbsolute } = require('node:path');

/** Bytes of a script below which its cache saves nothing on Node 20. */
const worthwhile = 100_000;

/** Loads a script, from the cache where that is safe and saves time. */
function load(file, env = process.env) {
  const { enableCompileCache } = require('node:module');
  const isSmall = !enableCompileCache && fs.statSync(file).size < worthwhile;
  const folder = isSmall || env.NODE_DISABLE_COMPILE_CACHE ? undefined : cacheFolder(env);
  if (folder === undefined) return require(file);
  if (!enableCompileCache) return loadWithCachedData(file, folder);
  // Node 22 and newer keep one file for each script themselves.
  enableCompileCache(folder);
  return require(file);
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

/** What Node 20 lacks: V8's own data for one script, under a name that stands for its source. */
function loadWithCachedData(file, folder) {
  const { createRequire, wrap } = require('node:module');
  const { Script } = require('node:vm');
  const source = fs.readFileSync(file, 'utf8');
  // V8 itself compares no more than the length.
  const kind = `${process.version}-${process.arch}-`;
  const cache = join(folder, `${kind}${digestOf(source).toString('hex')}.bin`);
  const cachedData = read(cache);
  const script = new Script(wrap(source), { filename: file, cachedData });
  const module = { exports: {} };
  const run = script.runInThisContext();
  run.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  if (cachedData === undefined || script.cachedDataRejected) {
    // At the end it holds the functions that were needed.
    process.once('exit', () => write(cache, script.createCachedData(), kind));
  }
  return module.exports;
}

function digestOf(data) {
  return require('node:crypto').createHash('sha256').update(data).digest();
}

/** The data of a file that is whole: V8 would crash on a damaged one. */
function read(file) {
  try {
    const bytes = fs.readFileSync(file);
    const data = bytes.subarray(32);
    return digestOf(data).equals(bytes.subarray(0, 32)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces what older versions of the script left there. A failure costs time at the next start only. */
function write(file, data, kind) {
  const temporary = `${file}.${process.pid}`;
  try {
    fs.writeFileSync(temporary, Buffer.concat([digestOf(data), data]), { flag: 'wx', mode: 0o600 });
    for (const name of fs.readdirSync(dirname(file))) {
      const old = join(dirname(file), name);
      if (name.startsWith(kind) && name.endsWith('.bin')) fs.rmSync(old, { force: true });
    }
    fs.renameSync(temporary, file);
  } catch {
    fs.rmSync(temporary, { force: true });
  }
}

module.exports = { load };
