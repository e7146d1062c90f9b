#!/usr/bin/env node
'use strict';

// Written in the JavaScript of 2009 down to the last line: whatever Node there is must read it.
var numbers = process.versions.node.split('.');
var major = Number(numbers[0]);
if (major < 20 || (major === 20 && Number(numbers[1]) < 3)) {
  console.error('error: reekolect needs Node.js 20.3 or newer; this is ' + process.version);
  process.exit(2);
} else if (!isAnswered()) {
  require('./code-cache.js').load(require('path').join(__dirname, '../dist/start.js')).start();
}

// `reekolect --version`, and --help off a terminal, need none of the rest: on a terminal, help has
// its width and colours. Where stdout can't be written, the rest starts and says so.
function isAnswered() {
  var fs = require('fs');
  var word = process.argv[2];
  var at = 0;
  var text;
  if (process.argv.length !== 3) return false;
  try {
    if (word === '--version' || word === '-V') {
      fs.writeSync(1, require('../package.json').version + '\n');
      return true;
    }
    if (word !== '--help' && word !== '-h') return false;
    if (process.env.FORCE_COLOR || isTerminal(fs)) return false;
    text = fs.readFileSync(require('path').join(__dirname, '../dist/help.txt'));
    while (at < text.length) at += fs.writeSync(1, text, at);
    return true;
  } catch (_error) {
    return false;
  }
}

// Not by tty.isatty: it loads what sockets need, which takes as long as all the rest.
function isTerminal(fs) {
  var stat = fs.fstatSync(1);
  return stat.isCharacterDevice() && stat.rdev !== fs.statSync('/dev/null').rdev;
}
