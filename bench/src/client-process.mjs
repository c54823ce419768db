/** The client's process: runs one named load per message from the bench, so that its CPU is its own. */
import { LOADS } from './load.mjs';

process.on('message', (/** @type {{ name: keyof typeof LOADS, load: any }} */ { name, load }) => {
  LOADS[name](load).then(
    (result) => process.send?.({ result }),
    (error) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
