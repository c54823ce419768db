/** `npm run queued`: what a look for runs that nobody runs costs PostgreSQL, with few tasks queued and with many. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startPostgres } from './postgres.mjs';

const { A2AAgent, A2AAgentBaseService, startServer } = await import('../dist/index.js');

const { values } = parseArgs({
  options: { tasks: { type: 'string', default: '100000' }, seconds: { type: 'string', default: '30' } },
});
const tasks = Number(values.tasks);
const seconds = Number(values.seconds);
/** Opened over HTTP; the others are copies of one that waits in the queue. */
const OPENED = 5;

/** Keeps the only place that there is. */
class Slow extends A2AAgentBaseService {
  async execute({ signal }) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }
}
A2AAgent({ type: 'test', name: 'slow', description: 'Keeps its place', limits: { total: 1 } })(Slow);

const directory = await mkdtemp(join(tmpdir(), 'continuo-queued-'));
await chmod(directory, 0o755);
const postgres = await startPostgres(directory);
await postgres.query(`ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`);
await postgres.restart('fast');
await postgres.query('CREATE EXTENSION pg_stat_statements');
const env = { DATABASE_URL: postgres.url, PORT: '0', CONTINUO_LOG_LEVEL: 'warn' };
const server = await startServer({ agents: [Slow], env });

try {
  for (let number = 0; number < OPENED; number += 1) await open();
  const queued = `SELECT id FROM tasks WHERE state = 'SUBMITTED'`;
  while ((await postgres.query(queued)).length < OPENED - 1) await delay(50);
  const few = await looks();
  const [{ id }] = await postgres.query(`${queued} LIMIT 1`);
  await copy(id, tasks - OPENED);
  const many = await looks();
  console.log(
    [
      `| | ${OPENED} tasks | ${tasks} tasks |`,
      '|---|---|---|',
      `| a look at a page of tasks: mean, worst | ${shown(few)} | ${shown(many)} |`,
      `| looks in ${seconds} s | ${few.calls} | ${many.calls} |`,
    ].join('\n'),
  );
} finally {
  await server.stop();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

async function open() {
  const response = await fetch(`${server.url}/agents/test/slow/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'Go' }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

/** As many tasks more, each with its place in the queue. */
async function copy(id, count) {
  const columns = async (table) => {
    const found = await postgres.query(
      `SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
      [table],
    );
    return found.map(({ attname }) => attname);
  };
  const insert = async (table, key, changed) => {
    const names = await columns(table);
    const chosen = names.map((name) => changed[name] ?? `original.${name}`);
    await postgres.query(
      `INSERT INTO ${table} (${names.join(', ')})
       SELECT ${chosen.join(', ')} FROM ${table} original, copies WHERE original.${key}::text = $1`,
      [id],
    );
  };
  await postgres.query(
    `CREATE TABLE copies AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, ${count}) AS of(n)`,
  );
  await insert('queued_runs', 'task_id', { task_id: 'copies.id' });
  await insert('tasks', 'id', {
    id: 'copies.id',
    message_id: 'copies.n::text',
    status_at: 'now() - make_interval(secs => copies.n / 1000.0)',
  });
  await postgres.query('DROP TABLE copies');
  await postgres.query('VACUUM ANALYZE');
}

/** The statement of the sweeps, as PostgreSQL has counted it. */
async function looks() {
  await postgres.query('SELECT pg_stat_statements_reset()');
  await delay(seconds * 1000);
  const [found] = await postgres.query(
    `SELECT calls::int, mean_exec_time AS mean, max_exec_time AS worst FROM pg_stat_statements
     WHERE query LIKE '%FROM looked%' ORDER BY total_exec_time DESC LIMIT 1`,
  );
  if (found === undefined) throw new Error('no sweep was seen');
  return found;
}

function shown({ mean, worst }) {
  return `${mean.toFixed(1)} ms, ${worst.toFixed(1)} ms`;
}
