#!/usr/bin/env node
'use strict';

// From Node 22 on, the second start finds the code compiled.
require('node:module').enableCompileCache?.();
require('../dist/start.js').start();
