/** `npm run compatibility`: tries other makers' clients and servers, and writes `docs/compatibility.md` anew. */
process.argv.splice(2, process.argv.length, '--update=all', 'packages/server/test/e2e/compatibility.test.ts');
await import('./test.mjs');
