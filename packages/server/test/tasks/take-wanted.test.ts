/** Tasks that are left behind: of several instances that look at the same moment, each task is one's to revive. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { A2AAgent } from '../../src/agents/a2a-agent.js';
import { A2AAgentBaseService } from '../../src/agents/a2a-agent-base.service.js';
import type { TaskContext } from '../../src/agents/task-context.js';
import { Database } from '../../src/platform/database.js';
import { newId } from '../../src/platform/ids.js';
import { createLog } from '../../src/platform/log.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { takeWanted } from '../../src/tasks/find-tasks.js';
import { createTestDatabase } from '../support/database.js';

const TASKS = 60;

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
  const taken = await Promise.all(instances.map((by) => takeWanted(database, alive, by)));
  const ids = taken.flat().map(({ id }) => id);
  expect(new Set(ids).size).toBe(TASKS);
  expect(ids).toHaveLength(TASKS);
  expect(await takeWanted(database, alive, newId())).toEqual([]);
  const others = new Set(instances.filter((_, index) => taken[index]?.length === 0));
  expect(await takeWanted(database, others, newId())).toHaveLength(TASKS);
});
