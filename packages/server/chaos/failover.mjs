/** `npm run failover`: two instances under load on a PostgreSQL of two servers, whose primary is killed or cut off round after round. */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { freePort } from '../../../scripts/free-port.mjs';
import { checkAll } from './checks/check-all.mjs';
import { processesLeft } from './checks/leftovers.mjs';
import { readExecutions } from './checks/steps.mjs';
import { Clients } from './clients.mjs';
import { failOver } from './failover-round.mjs';
import { FeedFollower } from './feed-follower.mjs';
import { Instance, Journal } from './fleet.mjs';
import { Ledger } from './ledger.mjs';
import { Load } from './load.mjs';
import { Patroni } from './patroni.mjs';
import { randomFrom } from './random.mjs';

/** How long everything may take to come to its end after the last round. */
const SETTLE_MS = 120_000;
/** Between the rounds: both servers are there, and the load goes on. */
const CALM_MS = 5_000;

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const say = (line) => process.stderr.write(`${line}\n`);
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    load: { type: 'string', default: '12' },
    directory: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const rounds = numberOf('rounds', 1);
const seed = numberOf('seed', 0);
const atOnce = numberOf('load', 1);
const directory = await makeDirectory();
const postgres = await makePostgres();
const random = randomFrom(seed);
const ledger = new Ledger();
const journal = new Journal();
const instances = [];
process.once('exit', () => {
  for (const { pid, state } of instances) if (state !== 'down') process.kill(pid, 'SIGKILL');
  postgres.kill();
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
say(`${rounds} failovers, --seed ${seed}, data in ${directory}`);
await postgres.start();
for (const name of ['instance-1', 'instance-2']) instances.push(await startInstance(name));

const deadline = new AbortController();
const clients = new Clients(instances, ledger, random.fork('clients'), deadline.signal);
// Nothing is deployed here.
const load = new Load({ clients, ledger, directory }, atOnce, random.fork('load'), ['edited']);
const feeds = Array.from({ length: 2 }, () => new FeedFollower(clients));
ledger.feeds.push(...feeds);
for (const feed of feeds) await feed.start();
load.start();

const times = [];
for (let round = 1; round <= rounds; round += 1) {
  await delay(CALM_MS);
  const manner = round % 2 === 1 ? 'killed' : 'cut off';
  const took = await failOver({ postgres, instances, ledger, journal, manner });
  times.push(took);
  say(`${round}. ${rowOf(took)}`);
}

say('Everything comes to its end …');
const timer = setTimeout(() => deadline.abort(), SETTLE_MS);
await load.stop();
const primary = await postgres.primary();
const query = (statement) => primary.query(statement, 'continuo');
await untilTrue(async () => {
  const [{ n }] = await query(`SELECT count(*)::int AS n FROM tasks WHERE state IN ('SUBMITTED', 'WORKING')`);
  return n === 0;
});
const [{ n: events }] = await query('SELECT count(*)::int AS n FROM task_events');
await untilTrue(() => feeds.every((feed) => feed.frames.length >= events));
for (const feed of feeds) await feed.stop();
clearTimeout(timer);
deadline.abort();
const stoppedAt = Date.now();
await Promise.all(instances.map((instance) => instance.terminate()));

const executions = await readExecutions(directory);
const reader = new pg.Client({ connectionString: primary.urlOf('continuo') });
await reader.connect();
const read = async (statement, values) => (await reader.query(statement, values)).rows;
const counted = await checkAll({ query: read, ledger, journal, executions, stoppedAt });
await reader.end();
await postgres.stop();
for (const found of await processesLeft(directory)) ledger.complain('process left', found);

console.log(tableOf());
const failed = ledger.problems.length > 0;
if (failed || options.keep) say(`The data is kept in ${directory}`);
else await rm(directory, { recursive: true, force: true });
process.exit(failed ? 1 : 0);

async function makeDirectory() {
  const given = options.directory;
  const made = given === undefined ? await mkdtemp(join(tmpdir(), 'continuo-failover-')) : resolve(given);
  await mkdir(made, { recursive: true });
  await chmod(made, 0o755);
  return made;
}

/** Ends the run when this machine lacks what it needs. */
async function makePostgres() {
  try {
    return new Patroni(directory);
  } catch (error) {
    say(error.message);
    await rm(directory, { recursive: true, force: true });
    return process.exit(2);
  }
}

async function startInstance(name) {
  const port = await freePort();
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: postgres.url,
    CHAOS_DIRECTORY: directory,
    CONTINUO_SSE_HEARTBEAT_MS: '1000',
  };
  const complain = (problem) => ledger.complain('instance', problem);
  const instance = new Instance(name, `http://127.0.0.1:${port}`, env, directory, journal, complain);
  if (!(await instance.start())) throw new Error(`${name} does not start; ${directory}/${name}.log says why`);
  return instance;
}

async function untilTrue(condition) {
  while (!deadline.signal.aborted) {
    if (
      await Promise.resolve()
        .then(condition)
        .catch(() => false)
    )
      return;
    await delay(250);
  }
}

function tableOf() {
  const states = Object.entries(counted.states).map(([name, count]) => `${name} ${count}`);
  const subscribers = [...ledger.followers, ...ledger.feeds];
  const figures = [
    ['Seed, jobs at once', `${seed}, ${atOnce}`],
    ['Jobs, tasks', `${load.begun}, ${counted.tasks} (${states.join(', ')})`],
    ['Steps run', executions.length],
    ['Calls tried again', clients.retries],
    ['Events checked', counted.events],
    ['Frames seen by subscribers', `${counted.frames}, by ${subscribers.length}`],
    ['**Violations**', `**${ledger.problems.length}**`],
  ];
  const cells = (row) => `| ${row.join(' | ')} |`;
  return [
    '| | the primary was | another takes writes after | from then until an instance is ready | … and serves a write | the old one is a synchronous standby after |',
    '|---|---|---|---|---|---|',
    ...times.map((took, index) => `| ${index + 1} ${rowOf(took)}`),
    '',
    '| | |',
    '|---|---|',
    ...figures.map(cells),
  ].join('\n');
}

/** Times of the two instances stand side by side. */
function rowOf({ manner, writableMs, readyMs, servedMs, backMs }) {
  const seconds = (ms) => (ms / 1000).toFixed(1);
  const both = (all) => `${all.map(seconds).join(', ')} s`;
  return `| ${manner} | ${seconds(writableMs)} s | ${both(readyMs)} | ${both(servedMs)} | ${seconds(backMs)} s |`;
}

function numberOf(name, least) {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= least) return value;
  say(`--${name}: expected a whole number of at least ${least}`);
  return process.exit(2);
}
