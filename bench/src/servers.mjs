/** Starts and stops the servers' processes. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { open } from './http.mjs';
import { freePort } from '../../scripts/free-port.mjs';

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const require = createRequire(import.meta.url);

/** @typedef {import("./options.mjs").ServerName} ServerName */
/**
 * @typedef {object} Server
 * @property {ServerName} name
 * @property {string} base its URL
 * @property {number} pid
 * @property {number} readyMs from the spawn to the first 200 of /readyz
 * @property {() => Promise<Memory>} memory of Continuo alone, after a full collection of garbage
 * @property {() => Promise<void>} stop
 */
/** @typedef {{ readonly heap: number, readonly resident: number }} Memory in bytes; `heap`: what Node has in it and beside it in buffers */

/** @param {string} databaseUrl applies the SDK's own migrations */
async function migrateSdk(databaseUrl) {
  const cli = join(dirname(require.resolve('@a2a-js/sdk')), 'cli', 'a2a_db.js');
  const child = spawn(process.execPath, [cli, 'upgrade', '--url', databaseUrl], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`The SDK's migrations failed with code ${code}`);
}

/** @param {string} base */
async function isReady(base) {
  try {
    const response = await open(`${base}/readyz`);
    response.resume();
    return response.statusCode === 200;
  } catch {
    return false;
  }
}

/**
 * @param {ServerName} name
 * @param {string} databaseUrl
 * @param {Readonly<Record<string, string>>} [settings]
 * @returns {Promise<Server>} the server, ready
 */
export async function startServer(name, databaseUrl, settings = {}) {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const start = performance.now();
  const child = spawn(process.execPath, [fileURLToPath(new URL(`./${name}-server.mjs`, import.meta.url))], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      HOST: '127.0.0.1',
      ...settings,
    },
  });
  const killWithBench = () => child.kill('SIGKILL');
  process.once('exit', killWithBench);
  child.once('exit', () => process.off('exit', killWithBench));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-4000)));
  }
  while (!(await isReady(base))) {
    if (child.exitCode !== null || performance.now() - start > READY_TIMEOUT_MS) {
      child.kill('SIGKILL');
      throw new Error(`The ${name} server did not get ready:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const readyMs = performance.now() - start;
  return {
    name,
    base,
    pid: child.pid ?? 0,
    readyMs,
    memory: async () => {
      const answered = once(child, 'message');
      child.send('memory');
      const [memory] = await answered;
      return memory;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

/**
 * Gives `work` the chosen servers, each on an empty database of its own, and stops them after.
 *
 * @template T
 * @param {import("./bench.mjs").Bench} bench
 * @param {string} scenario
 * @param {readonly ServerName[]} names
 * @param {(servers: readonly (Server & { readonly databaseUrl: string })[]) => Promise<T>} work
 * @param {Readonly<Record<string, string>>} [settings] of every server
 * @returns {Promise<T>}
 */
export async function withServers({ postgres }, scenario, names, work, settings) {
  /** @type {(Server & { databaseUrl: string })[]} */
  const servers = [];
  try {
    for (const name of names) {
      const databaseUrl = await postgres.createDatabase(`${scenario}_${name}`);
      if (name === 'sdk') await migrateSdk(databaseUrl);
      servers.push({ ...(await startServer(name, databaseUrl, settings)), databaseUrl });
    }
    return await work(servers);
  } finally {
    for (const server of servers) await server.stop();
  }
}
