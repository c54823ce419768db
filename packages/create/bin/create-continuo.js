#!/usr/bin/env node
// The command `create-continuo`, which `npm create continuo` runs: everything is in dist/.
await import('../dist/main.js');
