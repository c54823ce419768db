/** `npm run webhooks`: deliveries to 20 receivers of which 5 misbehave, with kill -9 on the way; and deliveries per second. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort } from '../../../scripts/free-port.mjs';
import { Instance, Journal } from './fleet.mjs';
import { startPostgres } from './postgres.mjs';
import { startReceiver } from './webhook-receiver.mjs';

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '10000' },
    backlog: { type: 'string', default: '4000' },
  },
});
const ENDPOINTS = 20;
const MISBEHAVING = ['hangs', 'closes', 'fails', 'slow', 'redirects'];
const COMPLETE_WITHIN_MS = 10 * 60_000;
const KINDS = ['task', 'statusUpdate', 'artifactUpdate'];
const AT_ONCE = 8;

const say = (line) => process.stderr.write(`${line}\n`);
const directory = await mkdtemp(join(tmpdir(), 'continuo-webhooks-'));
await chmod(directory, 0o755);
const postgres = await startPostgres(directory);
const receiver = await startReceiver();
const env = {
  DATABASE_URL: postgres.url,
  CHAOS_DIRECTORY: directory,
  CONTINUO_WEBHOOK_TIMEOUT_MS: '2000',
  CONTINUO_WEBHOOK_RETRIES: Array.from({ length: 60 }, () => '2').join(','),
};
const instances = await Promise.all(
  ['a', 'b'].map(async (name) => {
    const port = await freePort();
    const own = { ...env, PORT: String(port) };
    return new Instance(name, `http://127.0.0.1:${port}`, own, directory, new Journal(), say);
  }),
);
process.once('exit', () => {
  for (const { state, pid } of instances) if (state !== 'down') process.kill(pid, 'SIGKILL');
});

try {
  const [a, b] = instances;
  await Promise.all(instances.map((instance) => instance.start()));
  const kills = await survive(a, b);
  await b.terminate();
  const one = await drained(a, 1);
  const many = await drained(a, ENDPOINTS);
  await a.terminate();
  console.log(
    [...kills, '', '| one instance, fast local receivers | deliveries/s |', '|---|---|', one, many].join('\n'),
  );
} finally {
  receiver.close();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

/** The deliveries to 20 receivers, while both instances are killed; the rows of a table. */
async function survive(a, b) {
  const events = Math.ceil(Number(values.deliveries) / ENDPOINTS);
  const healthy = Array.from({ length: ENDPOINTS - MISBEHAVING.length }, (_, index) => `healthy-${index + 1}`);
  const secrets = new Map();
  for (const name of [...healthy, ...MISBEHAVING]) secrets.set(name, (await subscribe(a, name)).secret);
  const begun = performance.now();
  const made = makeEvents([a, b], events);
  const got = () => healthy.reduce((sum, name) => sum + receiver.got(name).length, 0);
  const killAt = async (instance, part) => {
    await until(() => got() > part * events * healthy.length, `${part} of the deliveries`);
    await instance.kill();
    say(`Killed ${instance.name} after ${got()} deliveries.`);
    await instance.start();
  };
  await killAt(a, 0.2);
  await killAt(b, 0.6);
  await made;
  const log = await postgres.query('SELECT task_id, seq FROM task_events ORDER BY task_id, seq');
  await until(
    () => healthy.every((name) => distinct(name).size >= log.length),
    'every event at every healthy receiver',
  );
  const seconds = (performance.now() - begun) / 1000;
  const judged = healthy.map((name) => judge(name, secrets.get(name), log));
  const sum = (of) => judged.reduce((total, one) => total + of(one), 0);
  const all = [...healthy, ...MISBEHAVING];
  const misbehaved = MISBEHAVING.reduce((total, name) => total + receiver.got(name).length, 0);
  return [
    `| ${all.length} receivers, ${MISBEHAVING.length} of which misbehave; two instances, each killed with -9 once | |`,
    '|---|---|',
    `| events, deliveries asked for | ${log.length}, ${log.length * all.length} |`,
    `| distinct deliveries at the healthy receivers, missing | ${sum((one) => one.distinct)}, ${sum((one) => one.missing)} |`,
    `| sent twice, with the same webhook-id | ${sum((one) => one.repeated)} |`,
    `| sent twice with another id, out of order, wrongly signed | ${sum((one) => one.strange)}, ${sum((one) => one.disordered)}, ${sum((one) => one.unsigned)} |`,
    `| requests to those that misbehave (${MISBEHAVING.join(', ')}) meanwhile | ${misbehaved} |`,
    `| from the first event to the last delivery | ${seconds.toFixed(0)} s |`,
  ];
}

/** How fast one instance delivers what waits for `count` receivers. */
async function drained(server, count) {
  const { webhooks } = await ask(server, 'GET', '/webhooks?pageSize=100');
  for (const { id } of webhooks) await ask(server, 'DELETE', `/webhooks/${id}`);
  const names = Array.from({ length: count }, (_, index) => `drained-${count}-${index + 1}`);
  const made = [];
  for (const name of names) made.push(await subscribe(server, name));
  for (const { id } of made) await ask(server, 'POST', `/webhooks/${id}:pause`);
  await makeEvents([server], Math.ceil(Number(values.backlog) / count));
  const [{ n }] = await postgres.query(`SELECT count(*)::int AS n FROM webhook_deliveries WHERE status = 'pending'`);
  const begun = performance.now();
  await Promise.all(made.map(({ id }) => ask(server, 'POST', `/webhooks/${id}:resume`)));
  await until(() => names.reduce((sum, name) => sum + distinct(name).size, 0) >= n, `${n} deliveries`);
  const seconds = (performance.now() - begun) / 1000;
  const to = count === 1 ? 'one receiver' : `${count} receivers`;
  return `| ${n} deliveries that wait for ${to} | ${(n / seconds).toFixed(0)} |`;
}

async function subscribe(server, name) {
  return ask(server, 'POST', '/webhooks', { url: receiver.urlOf(name), kinds: KINDS });
}

/** Tasks until there are so many new events: half of them of tasks with many. */
async function makeEvents(servers, events) {
  const before = await countEvents();
  let turn = 0;
  const maker = async () => {
    while ((await countEvents()) - before < events) {
      turn += 1;
      const server = servers[turn % servers.length];
      const message = turn % 4 === 0 ? { parts: [{ data: { steps: 10, delayMs: 20 } }] } : 'hello';
      const agent = turn % 4 === 0 ? 'function/countdown' : 'function/echo';
      // An instance that is killed just then answers nothing.
      await ask(server, 'POST', `/agents/${agent}/tasks`, { message, wait: true }).catch(() => delay(50));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, maker));
  await until(async () => {
    const active = await postgres.query(`SELECT 1 FROM tasks WHERE state IN ('SUBMITTED', 'WORKING') LIMIT 1`);
    return active.length === 0;
  }, 'every task to end');
}

async function countEvents() {
  const [{ n }] = await postgres.query('SELECT count(*)::int AS n FROM task_events');
  return n;
}

/** The events that came to a receiver, each with its first delivery. */
function distinct(name) {
  const events = new Map();
  for (const one of receiver.got(name)) if (!events.has(one.event)) events.set(one.event, one);
  return events;
}

function judge(name, secret, log) {
  const got = receiver.got(name);
  const events = distinct(name);
  const last = new Map();
  let disordered = 0;
  for (const { task, seq } of events.values()) {
    if (seq !== (last.get(task) ?? 0) + 1) disordered += 1;
    last.set(task, seq);
  }
  return {
    distinct: events.size,
    missing: log.filter(({ task_id: task, seq }) => !events.has(`${task} ${seq}`)).length,
    repeated: got.length - events.size,
    strange: got.filter((one) => events.get(one.event).id !== one.id).length,
    disordered,
    unsigned: got.filter((one) => !receiver.isSigned(one, secret)).length,
  };
}

async function ask({ url }, method, path, body) {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${url}${path}`, { method, ...sent });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function until(condition, what) {
  const end = performance.now() + COMPLETE_WITHIN_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await delay(20);
  }
}
