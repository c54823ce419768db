/** Streams that go on by themselves: the server is killed, connections are cut or fall silent, and no event is lost, doubled or swapped. */
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { freePort, startServer, type ServerProcess } from '../../../server/test/support/server-process.js';
import { ContinuoClient, foldTask, type Connection, type TaskEvent } from '../../src/index.js';

const steps = 40;
let server: ServerProcess;
let databaseUrl: string;
let client: ContinuoClient;

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  const env = { DATABASE_URL: databaseUrl, PORT: String(await freePort()), CONTINUO_LEASE_MS: '2000' };
  server = await startServer({ env });
  client = new ContinuoClient({ url: server.url });
});

const countdown = (delayMs: number) => ({ data: { steps, delayMs } });

/** What everybody has to have seen: each event of the log once, in its order, as the log has it. */
async function expectAll(events: readonly TaskEvent[]): Promise<void> {
  const id = events[0]?.taskId ?? '';
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const logged: TaskEvent[] = [];
  for await (const event of client.tasks.follow(id)) logged.push(event);
  expect(events).toEqual(logged);
  const task = await client.tasks.get(id);
  const folded = foldTask(events.map(({ event }) => event));
  expect({ status: folded.status, artifacts: folded.artifacts, history: folded.history }).toEqual({
    status: task.status,
    artifacts: task.artifacts,
    history: task.history,
  });
  expect(task.status.state).toBe('TASK_STATE_COMPLETED');
}

it('a stream goes on when the server is killed in its middle and started again', async () => {
  const events: TaskEvent[] = [];
  const connections: Connection[] = [];
  let restarted: Promise<unknown> | undefined;
  const stream = client.agents.stream('function/countdown', countdown(50), {
    onConnection: (connection) => connections.push(connection),
  });
  for await (const event of stream) {
    events.push(event);
    if (event.seq === 12) {
      await server.kill('SIGKILL');
      restarted = startServer({ env: server.env }).then((next) => (server = next));
    }
  }
  await restarted;
  expect(connections.slice(0, 3)).toEqual(['connecting', 'open', 'lost']);
  await expectAll(events);
});
