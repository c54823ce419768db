/** `npm run fuzz -w @continuo/server [-- runs]`: 10,000 (or so many) bad requests over each binding, and bodies of many small values. */
process.env.FUZZ_RUNS = process.argv[2] ?? '10000';
const files = ['fuzz', 'heavy-bodies'].map((name) => `packages/server/test/e2e/${name}.test.ts`);
process.argv.splice(2, process.argv.length, ...files);
await import('./test.mjs');
