#!/usr/bin/env node
// The command `continuo-mail`: everything is in dist/.
await import('../dist/main.js');
