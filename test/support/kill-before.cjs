// Loaded before the program: kills it before its KILL_BEFORE-th operation that changes a file, or
// statement of Node's SQLite, and before or behind what it sends to the server at KILL_PORT.
const fs = require('node:fs');
const { Socket } = require('node:net');
const { promises } = fs;

const last = Number(process.env.KILL_BEFORE);
let count = 0;

function step() {
  count += 1;
  if (count === last) process.kill(process.pid, 'SIGKILL');
}

function before(owner, names, changes = () => true) {
  for (const name of names) {
    const original = owner[name];
    if (typeof original !== 'function') continue;
    owner[name] = function (...args) {
      if (changes(...args)) step();
      return original.apply(this, args);
    };
  }
}

const patched = new WeakSet();
const opens = (_path, flags = 'r') =>
  typeof flags === 'number'
    ? (flags & (fs.constants.O_CREAT | fs.constants.O_TRUNC)) !== 0
    : flags !== 'r';
const sync = [
  'writeFileSync',
  'renameSync',
  'rmSync',
  'unlinkSync',
  'mkdirSync',
  'writeSync',
  'writevSync',
];

before(promises, ['rename', 'rm', 'unlink', 'link', 'mkdir', 'truncate', 'writeFile', 'copyFile']);
before(fs, sync, (target) => typeof target !== 'number' || target > 2);
before(promises, ['open'], opens);
const { open } = promises;
promises.open = async (...args) => {
  const handle = await open(...args);
  const kind = Object.getPrototypeOf(handle);
  if (!patched.has(kind)) {
    patched.add(kind);
    before(kind, ['write', 'writev', 'writeFile', 'truncate']);
  }
  return handle;
};

const sqlite = process.getBuiltinModule?.('node:sqlite');
if (sqlite !== undefined) {
  before(sqlite.DatabaseSync.prototype, ['exec']);
  before(sqlite.StatementSync.prototype, ['run', 'all']);
}

const port = Number(process.env.KILL_PORT);
const { write } = Socket.prototype;
Socket.prototype.write = function (...args) {
  if (this.remotePort !== port) return write.apply(this, args);
  step();
  const sent = write.apply(this, args);
  step();
  return sent;
};
