/** A stand-alone server whose agents have limits and schedules, and note in the database when they work. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { A2AAgent, A2AAgentBaseService, startServer } from '../../dist/index.js';

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

/** An agent `test/<name>` that does what `execute` says. */
function agent(name, options, execute) {
  class TestAgent extends A2AAgentBaseService {
    execute(task) {
      return execute(task);
    }
  }
  A2AAgent({ type: 'test', name, description: `Does what ${name} says.`, ...options })(TestAgent);
  return TestAgent;
}

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
  agent('two', { limits: { total: 2 } }, work),
  agent('one-each', { limits: { perInstance: 1 } }, work),
  agent('rate', { limits: { rate: { tasks: 2, perMs: 1000 } } }, work),
  agent('one', { limits: { total: 1 } }, workUntilOpened),
  agent('asks', { limits: { total: 1 } }, async (task) => {
    await task.requestInput('Go on?');
    return work(task);
  }),
  agent('free', {}, async (task) => {
    await note(task, 'begin');
    return 'Done.';
  }),
  agent(
    'every-second',
    {
      schedules: [
        { name: 'second', cron: '* * * * * *', message: 'tick' },
        { name: 'yearly', cron: '0 0 1 1 *', message: [{ data: { every: 'year' } }] },
      ],
    },
    async () => 'Done.',
  ),
];

const server = await startServer({ agents });
process.on('SIGTERM', () => {
  void server.stop().then(() => process.exit(0));
});
