/** A loopback port for a program that is about to start. Needs Node alone. */
import { createServer } from 'node:net';

/**
 * Below the ports that systems give away by themselves (from 32768 on Linux, from 49152 elsewhere): what listens on port 0
 * or dials gets none of these, neither before the program listens nor while it is down between two starts.
 */
const FIRST = 12_000;
/** For each worker of a test run: those that run side by side have none in common. */
const EACH = 2_000;

const first = FIRST + (Number(process.env.VITEST_POOL_ID ?? 0) % 10) * EACH;
let asked = Math.floor(Math.random() * EACH);

/** Another one with each call. */
export async function freePort() {
  for (let tries = 0; tries < EACH; tries += 1) {
    asked += 1;
    const port = first + (asked % EACH);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${first} to ${first + EACH - 1} is free`);
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
