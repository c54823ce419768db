/** Runs the chosen scenarios side by side and prints their table. */
import { startClient } from './client-handle.mjs';
import { readOptions } from './options.mjs';
import { startPostgres } from './postgres.mjs';
import { machine, table, writeDocument } from './report.mjs';
import { doors } from './scenarios/doors.mjs';
import { fanout } from './scenarios/fanout.mjs';
import { grpc } from './scenarios/grpc.mjs';
import { idle } from './scenarios/idle.mjs';
import { linear } from './scenarios/linear.mjs';
import { list } from './scenarios/list.mjs';
import { memory } from './scenarios/memory.mjs';
import { ready } from './scenarios/ready.mjs';
import { send } from './scenarios/send.mjs';
import { steps } from './scenarios/steps.mjs';
import { stream } from './scenarios/stream.mjs';
import { traces } from './scenarios/traces.mjs';

const SCENARIOS = { send, stream, steps, linear, list, memory, idle, fanout, grpc, ready, traces, doors };

const options = readOptions();
const postgres = await startPostgres(options.databaseUrl);
const client = startClient();
/** @type {import("./bench.mjs").Row[]} */
const rows = [];

async function runScenarios() {
  for (const name of options.only) {
    const bench = { options, postgres, client, log: (/** @type {string} */ line) => console.error(line) };
    rows.push(...(await SCENARIOS[name](bench)));
  }
}

/** @type {Promise<never>} */
const interrupted = new Promise((_resolve, reject) => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.once(signal, () => reject(new Error(`Stopped by ${signal}`)));
  }
});

try {
  await Promise.race([runScenarios(), interrupted]);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  client.stop();
  await postgres.stop();
}
if (process.exitCode === 1) process.exit();

const report = `${table(rows)}\n\n${machine({ command: options.command, postgresVersion: postgres.version })}`;
console.log(`\n${report}\n`);
if (options.write) await writeDocument(report);
if (rows.some(({ pass }) => pass === false)) {
  console.error('Some targets were not reached.');
  process.exitCode = 1;
}
