/** `npm run edits -w @continuo/server`: every edit of docs/changed-code.md in every state, for each way in which code comes; `npm test` has a third of them for each. */
process.env.EVERY_EDIT = 'yes';
process.argv.splice(2, process.argv.length, 'packages/server/test/e2e/code-edits.test.ts');
await import('./test.mjs');
