/** `npm run compatibility`: tries other makers and what A2A requires; writes `docs/compatibility.md` and `conformance.md`. */
const tests = ['compatibility', 'conformance'].map((name) => `packages/server/test/e2e/${name}.test.ts`);
process.argv.splice(2, process.argv.length, '--update=all', ...tests);
await import('./test.mjs');
