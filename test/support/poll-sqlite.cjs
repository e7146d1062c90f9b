// Asks an SQLite file again and again until it is told to end; prints what it was answered.
const { copyFileSync, mkdtempSync } = require('node:fs');
const { isBuiltin } = require('node:module');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const [, , path, sql] = process.argv;

function openNative() {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const file = new DatabaseSync(path, { readOnly: true });
  file.exec('PRAGMA busy_timeout = 5000');
  return file;
}

const copy = join(mkdtempSync(join(tmpdir(), 'reekolect-poll-')), 'copy.db');

/** It knows no locks of the system: a file that is only ever replaced may be copied first. */
function openWasm() {
  const { Database } = require('node-sqlite3-wasm');
  copyFileSync(path, copy);
  return new Database(copy);
}

const answers = [];
let going = true;
const open = isBuiltin('node:sqlite') ? openNative : openWasm;

function poll() {
  let file;
  let answer;
  try {
    file = open();
    [answer] = file.prepare(sql).all();
  } catch (error) {
    answer = { error: String(error) };
  } finally {
    file?.close();
  }
  answers.push(JSON.stringify(answer));
  if (answers.length === 1) process.send('reading');
  if (going) setTimeout(poll, 10);
  else
    process.send({ polls: answers.length, answers: [...new Set(answers)] }, () => process.exit());
}

process.on('message', () => {
  going = false;
});
process.on('disconnect', () => process.exit());
poll();
