#!/usr/bin/env node
import module from 'node:module';

// From Node 22 on, the second start finds the code compiled.
module.enableCompileCache?.();
const { start } = await import('../dist/start.js');
await start();
