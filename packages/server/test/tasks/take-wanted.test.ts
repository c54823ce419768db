/** Tasks that are left behind: of several instances that look at the same moment, each task is one's to revive. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { takeNextWanted, type SweepStart } from '../../src/tasks/find-tasks.js';
import { createTestDatabase } from '../support/database.js';
import { call } from '../support/http-calls.js';

const TASKS = 60;
const PAGE = 500;
const WAITING = 3_000;
const DAY_MS = 24 * 60 * 60_000;

@A2AAgent({ type: 'test', name: 'asks', description: 'Asks.' })
class Asks extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    return (await task.requestInput('What?')).text;
  }
}

let server: RunningServer;
let database: Database;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  // The server itself looks after nothing.
  const env = { DATABASE_URL: url, PORT: '0', CONTINUO_LOG_LEVEL: 'silent', CONTINUO_SWEEP_MS: '3600000' };
  server = await startServer({ agents: [Asks], env });
  await Promise.all(
    Array.from({ length: TASKS }, () =>
      fetch(`${server.url}/agents/test/asks/tasks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message: 'go', wait: true }),
      }),
    ),
  );
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "UPDATE tasks SET state = 'WORKING', run_token = gen_random_uuid(), run_instance = gen_random_uuid()",
  );
  await client.end();
  database = new Database(url, { poolSize: 10, log: createLog('silent') });
});

afterAll(async () => {
  await database.close();
  await server.stop();
});

it('are taken once, whoever looks, until whoever took them is lost', async () => {
  const instances = Array.from({ length: 4 }, () => newId());
  const alive = new Set(instances);
  const taken = await Promise.all(instances.map((by) => takeNextWanted(database, { alive, by }, 'beginning', PAGE)));
  const ids = taken.flatMap(({ tasks }) => tasks).map(({ id }) => id);
  expect(new Set(ids).size).toBe(TASKS);
  expect(ids).toHaveLength(TASKS);
  expect((await takeNextWanted(database, { alive, by: newId() }, 'beginning', PAGE)).tasks).toEqual([]);
  const others = new Set(instances.filter((_, index) => taken[index]?.tasks.length === 0));
  expect((await takeNextWanted(database, { alive: others, by: newId() }, 'beginning', PAGE)).tasks).toHaveLength(TASKS);
});

it('are found among thousands that wait for a time, page by page and among the newest', async () => {
  const { body } = await call('POST', `${server.url}/agents/test/asks/tasks`, {
    body: {
      message: 'go',
      metadata: { 'urn:continuo:a2a:tasks:v1': { startAt: new Date(Date.now() + DAY_MS).toISOString() } },
    },
  });
  const { id } = body as { readonly id: string };
  await database.query("UPDATE tasks SET state = 'COMPLETED' WHERE id <> $1", [id]);
  const columns = (
    await database.query<{ name: string }>(
      "SELECT attname AS name FROM pg_attribute WHERE attrelid = 'tasks'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
    )
  ).map(({ name }) => name);
  const copied: Readonly<Record<string, string>> = {
    id: 'gen_random_uuid()',
    message_id: 'n::text',
    status_at: `now() - make_interval(mins => n)`,
  };
  await database.query(
    `INSERT INTO tasks (${columns.join(', ')})
     SELECT ${columns.map((name) => copied[name] ?? name).join(', ')} FROM tasks, generate_series(1, ${WAITING}) n WHERE id = $1`,
    [id],
  );
  const taker = { alive: new Set<string>(), by: newId() };
  const pageWith = async (minutes: number): Promise<string[]> => {
    await database.query(
      'UPDATE tasks SET start_at = NULL, status_at = now() - make_interval(mins => $2), reviving_at = NULL WHERE id = $1',
      [id, minutes],
    );
    const pages: string[] = [];
    for (let from: SweepStart | undefined = 'beginning'; from !== undefined;) {
      const { tasks, next } = await takeNextWanted(database, taker, from, PAGE);
      pages.push(tasks.map((task) => task.id).join());
      from = next;
    }
    return pages;
  };
  const pages = await pageWith(WAITING / 2);
  expect(pages).toHaveLength(7);
  expect(pages.filter((found) => found !== '')).toEqual([id]);
  expect((await pageWith(WAITING / 2)).indexOf(id)).toBe(3);
  await pageWith(1);
  await database.query('UPDATE tasks SET reviving_at = NULL WHERE id = $1', [id]);
  expect((await takeNextWanted(database, taker, 'newest', PAGE)).tasks.map((task) => task.id)).toEqual([id]);
});
