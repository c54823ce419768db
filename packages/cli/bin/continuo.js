#!/usr/bin/env node
// The command `continuo`: everything is in dist/.
await import('../dist/main.js');
