/** `npm run waiting`: what tasks that wait for a person cost, idle and at the start of a server; Linux only. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort } from '../../../scripts/free-port.mjs';
import { Instance, Journal } from './fleet.mjs';
import { startPostgres } from './postgres.mjs';
import { cpuOf, cpuOfFamily, memoryOf } from './usage.mjs';

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '30' },
    starts: { type: 'string', default: '9' },
  },
});
const tasks = Number(values.tasks);
const seconds = Number(values.seconds);
const starts = Number(values.starts);
const AT_ONCE = 50;
/** After the start of a server, or of many tasks, until nothing is left of that. */
const QUIET_MS = 15_000;

const say = (line) => process.stderr.write(`${line}\n`);
const directory = await mkdtemp(join(tmpdir(), 'continuo-waiting-'));
await chmod(directory, 0o755);
const postgres = await startPostgres(directory);
const port = await freePort();
const env = { PORT: String(port), DATABASE_URL: postgres.url, CHAOS_DIRECTORY: directory };
const server = new Instance('server', `http://127.0.0.1:${port}`, env, directory, new Journal(), say);
process.once('exit', () => server.state !== 'down' && process.kill(server.pid, 'SIGKILL'));

try {
  await server.start();
  const none = await measure('no task waits');
  say(`Opening ${tasks} tasks …`);
  await openAll();
  const opened = await idle('they wait');
  const many = await measure(`${tasks} tasks wait`);
  const answered = await answerOne();
  const row = (name, of) => `| ${name} | ${of(none)} | ${of(many)} | ${of(opened)} |`;
  console.log(
    [
      `| | no task waits | ${tasks} wait, after a restart | ${tasks} wait, where they began |`,
      '|---|---|---|---|',
      row('CPU of the server, idle', ({ server: used }) => percent(used)),
      row('CPU of PostgreSQL, idle', ({ database: used }) => percent(used)),
      row('Memory of the server', ({ memory }) => `${memory.toFixed(0)} MB`),
      row(`Start to ready, fastest and median of ${starts}`, ({ took }) => startTimes(took)),
      `\nFrom the answer to the end of a task that had waited: ${answered.toFixed(0)} ms.`,
    ].join('\n'),
  );
  await server.terminate();
} finally {
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

function percent(part) {
  return `${(part * 100).toFixed(2)} % of a core`;
}

function startTimes(took) {
  if (took === undefined) return '–';
  const [fastest, median] = [0, Math.floor(starts / 2)].map((index) => took[index].toFixed(0));
  return `${fastest} ms, ${median} ms`;
}

/** Starts the server a number of times, then leaves it alone. */
async function measure(what) {
  const took = [];
  for (let count = 0; count < starts; count += 1) {
    await server.terminate();
    const begun = performance.now();
    await server.start();
    took.push(performance.now() - begun);
  }
  return { took: took.toSorted((one, other) => one - other), ...(await idle(what)) };
}

/** The part of a core that is used while nobody asks for anything. */
async function idle(what) {
  await postgres.query('CHECKPOINT');
  await delay(QUIET_MS);
  say(`Idle for ${seconds} s: ${what} …`);
  const postmaster = (await postgres.pid()) ?? 0;
  const before = { server: await cpuOf(server.pid), database: await cpuOfFamily(postmaster), at: performance.now() };
  await delay(seconds * 1000);
  const elapsed = (performance.now() - before.at) / 1000;
  return {
    server: ((await cpuOf(server.pid)) - before.server) / elapsed,
    database: ((await cpuOfFamily(postmaster)) - before.database) / elapsed,
    memory: await memoryOf(server.pid),
  };
}

async function openAll() {
  let left = tasks;
  const open = async () => {
    while (left > 0) {
      left -= 1;
      await post({ parts: [{ data: { questions: 1 } }] });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, open));
  while ((await waiting()) < tasks) await delay(200);
  // What autovacuum would do at some time, which then would be in the figures.
  await postgres.query('VACUUM ANALYZE');
}

async function waiting() {
  const [{ n }] = await postgres.query(`SELECT count(*)::int AS n FROM tasks WHERE state = 'INPUT_REQUIRED'`);
  return n;
}

/** @returns {Promise<number>} milliseconds until the task has ended */
async function answerOne() {
  const [{ id }] = await postgres.query(`SELECT id FROM tasks WHERE state = 'INPUT_REQUIRED' ORDER BY id LIMIT 1`);
  const begun = performance.now();
  const task = await post({ taskId: id, parts: [{ text: 'At last.' }] }, true);
  if (task.status.state !== 'TASK_STATE_COMPLETED') throw new Error(`the task is ${JSON.stringify(task)}`);
  return performance.now() - begun;
}

async function post(message, wait = false) {
  const response = await fetch(`${server.url}/agents/chaos/asker/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, wait }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}
