/** A task's state without what it has said and made, and where its stream goes on. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';

let server: RunningServer;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  server = await startServer({
    agents: [EchoAgent],
    env: { PORT: '0', DATABASE_URL: url, CONTINUO_LOG_LEVEL: 'silent' },
  });
});

afterAll(() => server?.stop());

it('comes without artifacts, and says behind which event nothing is missed', async () => {
  const body = JSON.stringify({ message: 'all of it', wait: true });
  const headers = { 'content-type': 'application/json' };
  const made = await fetch(`${server.url}/agents/function/echo/tasks`, { method: 'POST', headers, body });
  const { id } = (await made.json()) as { readonly id: string };
  const path = `${server.url}/tasks/${id}`;
  const alone = await fetch(`${path}?includeArtifacts=false&historyLength=0`);
  const task = (await alone.json()) as Readonly<Record<string, unknown>>;
  expect(task['status']).toMatchObject({ state: 'TASK_STATE_COMPLETED' });
  expect(Object.keys(task)).not.toContain('artifacts');
  expect(await (await fetch(path)).json()).toHaveProperty('artifacts');
  const last = alone.headers.get('last-event-id') ?? '';
  expect((await fetch(`${path}/events`, { headers: { 'last-event-id': last } })).status).toBe(204);
  const before = await fetch(`${path}/events`, { headers: { 'last-event-id': String(Number(last) - 1) } });
  expect(await before.text()).toContain(`id: ${last}\n`);
});
