/** A server that was taken for dead in the middle of what a run says: its next run goes on, whatever the one before still tries to store. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import { startServer } from '../support/server-process.js';
import { until } from '../support/until.js';
import { untilWritten } from '../support/until-written.js';

const entry = fileURLToPath(new URL('../support/talkative-server.mjs', import.meta.url));
const EVENTS = 30_000;

it('ends its task, with every event once and in order', async () => {
  const { url: databaseUrl } = await createTestDatabase();
  const env = { DATABASE_URL: databaseUrl, CONTINUO_HEARTBEAT_MS: '300', CONTINUO_SWEEP_MS: '200' };
  const server = await startServer({ entry, env });
  const body = { message: { parts: [{ data: { events: EVENTS } }] } };
  const id = textAt((await call('POST', `${server.url}/agents/test/talks/tasks`, { body })).body, 'id');
  const task = () => call('GET', `${server.url}/tasks/${id}?includeArtifacts=false&historyLength=0`);
  const said = async (): Promise<number> =>
    Number(at((await task()).body, 'metadata', 'urn:continuo:a2a:progress:v1', 'fraction') ?? 0);
  await until(async () => (await said()) > 0.05, { what: 'the agent to talk' });
  await runOn(databaseUrl, 'UPDATE instances SET lost_at = now()');

  const isOver = async (): Promise<boolean> =>
    textAt((await task()).body, 'status', 'state') === 'TASK_STATE_COMPLETED';
  await until(isOver, { what: 'the task to end', timeoutMs: 180_000 });
  await untilWritten(server, 'this instance was taken for dead');
  const [log] = await runOn<{ readonly last: number; readonly said: number }>(
    databaseUrl,
    'SELECT max(seq)::int AS last, count(DISTINCT key)::int AS said FROM task_events',
  );
  // Submitted, working, what it returned, completed.
  expect(log).toEqual({ last: EVENTS + 4, said: EVENTS + 4 });
});
