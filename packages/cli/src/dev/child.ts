/** The process that runs the program in `continuo dev`: it loads what every program needs, and waits until it is its turn. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isOurs, type FromChild, type ToChild } from './messages.js';
import { registerHooks } from './register-hooks.js';

const [entry = ''] = process.argv.slice(2);

function tell(message: FromChild): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Where a file does not compile its stack says where the compiler is.
  return error.name === 'SyntaxError' ? error.message : (error.stack ?? error.message);
}

const turn = new Promise<void>((resolve) => {
  process.on('message', (message: unknown) => {
    if (isOurs<ToChild>(message)) resolve();
  });
});
// Before the hooks, which cost every module that is loaded behind them.
try {
  // The project's own copy, which the program will import.
  const server = createRequire(join(process.cwd(), 'package.json')).resolve('@continuo/server');
  await import(pathToFileURL(server).href);
} catch {
  // The program says what is missing, in its own words.
}
registerHooks((path) => void tell({ dev: 'loaded', path }));
await tell({ dev: 'warm' });
await turn;
try {
  await import(pathToFileURL(entry).href);
} catch (error) {
  await tell({ dev: 'failed', reason: reasonOf(error) });
  process.exitCode = 1;
  process.disconnect();
}
