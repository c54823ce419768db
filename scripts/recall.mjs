/** `npm run recall -w @continuo/server`: how well memories are found, as docs/measurements.md has it. */
import { ensureBuilt, ensureInstalled, prepared } from './prepare.mjs';

prepared(() => {
  ensureInstalled();
  ensureBuilt();
});
await import('../packages/server/measurements/recall.mjs');
