#!/usr/bin/env node
import module from 'node:module';

// From Node 22 on, the second start finds the code compiled.
module.enableCompileCache?.();
await module
  .createRequire(import.meta.url)('../dist/start.js')
  .start();
