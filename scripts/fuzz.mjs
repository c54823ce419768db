/** `npm run fuzz -w @continuo/server [-- runs]`: 10,000 generated bad requests over each binding, or as many as are asked for. */
process.env.FUZZ_RUNS = process.argv[2] ?? '10000';
process.argv.splice(2, process.argv.length, 'packages/server/test/e2e/fuzz.test.ts');
await import('./test.mjs');
