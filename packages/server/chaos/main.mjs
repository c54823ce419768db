/** `npm run chaos`: a mixed load on several instances while a monkey breaks them, then every promise checked. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { crashPoints } from '@continuo/agent/internal/platform/crash-points.js';
import { freePort } from '../../../scripts/free-port.mjs';
import { codes } from './agents.mjs';
import { checkAll } from './checks/check-all.mjs';
import { processesLeft } from './checks/leftovers.mjs';
import { readExecutions } from './checks/steps.mjs';
import { Clients } from './clients.mjs';
import { FeedFollower } from './feed-follower.mjs';
import { Proxy } from './proxy.mjs';
import { Instance, Journal } from './fleet.mjs';
import { Ledger } from './ledger.mjs';
import { Load } from './load.mjs';
import { Monkey } from './monkey.mjs';
import { readOptions } from './options.mjs';
import { startPostgres } from './postgres.mjs';
import { randomFrom } from './random.mjs';
import { toTable } from './report.mjs';
import { takeovers } from './takeovers.mjs';

/** How long everything may take to come to its end, once nothing is broken any more. */
const SETTLE_MS = 120_000;
const SAY_EVERY_MS = 10_000;

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const options = readOptions(process.argv.slice(2));
const random = randomFrom(options.seed);
const directory = await makeDirectory();
const ledger = new Ledger();
const journal = new Journal();
const say = (line) => process.stderr.write(`${line}\n`);
say(`Chaos for ${options.milliseconds / 60_000} min, --seed ${options.seed}, data in ${directory}`);

const postgres = await startPostgres(directory);
const instances = await Promise.all(
  Array.from({ length: options.instances }, async (_, index) => {
    const port = await freePort();
    const proxy = new Proxy(postgres.url);
    await proxy.start();
    const env = {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: proxy.url,
      CHAOS_DIRECTORY: directory,
      // Takeover runs with its defaults. Streams speak every second so that clients notice a paused instance.
      CONTINUO_SSE_HEARTBEAT_MS: '1000',
      CONTINUO_DRAIN_MS: '3000',
    };
    const complain = (problem) => ledger.complain('instance', problem);
    return new Instance(`instance-${index + 1}`, `http://127.0.0.1:${port}`, env, directory, journal, complain, proxy);
  }),
);
process.once('exit', () => instances.forEach(({ pid, state }) => state !== 'down' && process.kill(pid, 'SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void postgres.stop().finally(() => process.exit(130)));
// One after the other: the first migrates.
for (const instance of instances) {
  if (!(await instance.start()))
    throw new Error(`${instance.name} does not start; ${directory}/${instance.name}.log says why`);
}

const deadline = new AbortController();
const clients = new Clients(instances, ledger, random.fork('clients'), deadline.signal);
// Without enough instances nobody would have the code that some tasks wait for.
const deploys = !options.without.includes('edited') && options.instances >= codes.length;
const without = deploys ? options.without : [...options.without, 'edited'];
const deployed = deploys ? codes : codes.slice(0, 1);
const load = new Load({ clients, ledger, directory }, options.load, random.fork('load'), without);
const monkey = new Monkey(instances, postgres, journal, crashPoints, random.fork('monkey'), options.without, deployed);
// From before the first task on, so that they see all of them.
const feeds = Array.from({ length: 2 }, () => new FeedFollower(clients));
ledger.feeds.push(...feeds);
for (const feed of feeds) await feed.start();
load.start();
if (!options.calm) monkey.start();
await untilOver();

say('The monkey rests; everything comes to its end …');
await monkey.stop();
const timer = setTimeout(() => deadline.abort(), SETTLE_MS);
await load.stop();
await untilSettled();
await untilSeen();
clearTimeout(timer);
deadline.abort();
const stoppedAt = Date.now();
const entries = journal.entries.length;
await Promise.all(instances.map((instance) => instance.terminate()));
await Promise.all(instances.map(({ proxy }) => proxy.stop()));

const executions = await readExecutions(directory);
const reader = new pg.Client({ connectionString: postgres.url });
await reader.connect();
const query = async (statement, values) => (await reader.query(statement, values)).rows;
const counted = await checkAll({ query, ledger, journal, executions, stoppedAt });
await reader.end();
await postgres.stop();
for (const found of await processesLeft(directory)) ledger.complain('process left', found);

// The last stop is nobody's deed.
journal.entries.splice(entries);
const measured = takeovers(executions, journal);
const table = toTable({ options, journal, ledger, counted, load, clients, executions, takeovers: measured });
console.log(table);
const failed = ledger.problems.length > 0;
if (failed || options.keep) {
  await keep();
  say(`The data is kept in ${directory}`);
} else {
  await rm(directory, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

async function untilOver() {
  const end = performance.now() + options.milliseconds;
  while (performance.now() < end) {
    await delay(Math.min(SAY_EVERY_MS, Math.max(0, end - performance.now())));
    const hits = ['kill', 'crash', 'pause', 'term', 'silence', 'postgres', 'postgres hangs'].map(
      (what) => `${what} ${journal.count(what)}`,
    );
    say(`${Math.round((end - performance.now()) / 1000)} s left: ${load.begun} jobs, ${hits.join(', ')}`);
  }
}

/** Tasks whose clients wait for nothing more come to their ends as well. */
async function untilSettled() {
  const open = `SELECT count(*)::int AS n FROM tasks WHERE state IN ('SUBMITTED', 'WORKING')`;
  while (!deadline.signal.aborted) {
    const [{ n }] = await postgres.query(open);
    if (n === 0) return;
    await delay(250);
  }
}

/** Those who follow everything have seen as many events as there are. */
async function untilSeen() {
  const [{ n }] = await postgres.query('SELECT count(*)::int AS n FROM task_events');
  while (!deadline.signal.aborted && feeds.some((feed) => feed.frames.length < n)) await delay(100);
  for (const feed of feeds) await feed.stop();
}

async function makeDirectory() {
  const made =
    options.directory === undefined ? await mkdtemp(join(tmpdir(), 'continuo-chaos-')) : resolve(options.directory);
  await mkdir(made, { recursive: true });
  // PostgreSQL may run under another account, which has to reach its data.
  await chmod(made, 0o755);
  return made;
}

async function keep() {
  const frames = ledger.followers.map(({ taskId, frames: seen, disorder }) => ({ taskId, frames: seen, disorder }));
  const files = {
    'violations.json': ledger.problems,
    'journal.json': journal.entries,
    'ledger.json': { messages: ledger.messages, expectations: ledger.expectations, cancels: ledger.cancels },
    'frames.json': frames,
    'takeovers.json': measured,
  };
  for (const [name, value] of Object.entries(files))
    await writeFile(join(directory, name), JSON.stringify(value, null, 1));
  await writeFile(join(directory, 'summary.md'), `${table}\n`);
}
