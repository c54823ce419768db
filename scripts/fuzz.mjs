/**
 * `npm run fuzz -w @continuo/server [-- runs]`: 10,000 generated bad requests over each binding, or as many as are asked for,
 * and bodies of many small values, as large as bodies may be.
 */
process.env.FUZZ_RUNS = process.argv[2] ?? '10000';
const files = ['fuzz', 'heavy-bodies'].map((name) => `packages/server/test/e2e/${name}.test.ts`);
process.argv.splice(2, process.argv.length, ...files);
await import('./test.mjs');
