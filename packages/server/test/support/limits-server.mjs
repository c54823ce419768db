/** A stand-alone server whose agents have limits and schedules, and note in the database when they work. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startServer } from '../../dist/index.js';
import { agent } from './test-agent.mjs';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 4 });
pool.on('error', () => undefined);

const note = (task, what) =>
  pool.query('INSERT INTO notes (agent, task, text, what, pid) VALUES ($1, $2, $3, $4, $5)', [
    task.agent,
    task.id,
    task.text,
    what,
    process.pid,
  ]);

async function work(task) {
  await task.step('work', async () => {
    await note(task, 'begin');
    await delay(100);
    await note(task, 'end');
  });
  return 'Done.';
}

/** Works until the test opens the gate of that name. */
async function workUntilOpened(task) {
  await note(task, 'begin');
  const gate = `gate ${task.text.split(' ')[1]}`;
  if (task.text.startsWith('wait ')) {
    while ((await pool.query('SELECT 1 FROM notes WHERE text = $1', [gate])).rowCount === 0) {
      task.signal.throwIfAborted();
      await delay(20);
    }
  }
  await note(task, 'end');
  return 'Done.';
}

const agents = [
  agent('two', work, { limits: { total: 2 } }),
  agent('one-each', work, { limits: { perInstance: 1 } }),
  agent('rate', work, { limits: { rate: { tasks: 2, perMs: 1000 } } }),
  agent('one', workUntilOpened, { limits: { total: 1 } }),
  agent(
    'asks',
    async (task) => {
      await task.requestInput('Go on?');
      return work(task);
    },
    { limits: { total: 1 } },
  ),
  agent('free', async (task) => {
    await note(task, 'begin');
    return 'Done.';
  }),
  agent('every-second', async () => 'Done.', {
    schedules: [
      { name: 'second', cron: '* * * * * *', message: 'tick' },
      { name: 'yearly', cron: '0 0 1 1 *', message: [{ data: { every: 'year' } }] },
    ],
  }),
];

const server = await startServer({ agents });
process.on('SIGTERM', () => {
  void server.stop().then(() => process.exit(0));
});
