#!/usr/bin/env node
'use strict';

// Written in the JavaScript of 2009 down to the last line: whatever Node there is must read it.
var numbers = process.versions.node.split('.');
var major = Number(numbers[0]);
if (major < 20 || (major === 20 && Number(numbers[1]) < 3)) {
  console.error('error: reekolect needs Node.js 20.3 or newer; this is ' + process.version);
  process.exit(2);
} else if (!isVersionShown()) {
  require('./code-cache.js').load(require('path').join(__dirname, '../dist/start.js')).start();
}

// `reekolect --version` alone needs none of the rest. What stdout refuses, the usual way tells.
function isVersionShown() {
  var word = process.argv[2];
  if (process.argv.length !== 3 || (word !== '--version' && word !== '-V')) return false;
  try {
    require('fs').writeSync(1, require('../package.json').version + '\n');
    return true;
  } catch (_error) {
    return false;
  }
}
