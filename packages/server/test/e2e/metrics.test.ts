/** `/metrics` of the built server: what it has done is counted, for admins, over all its processes, and read as Prometheus reads it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { alertQueries, dashboardQueries, selectorsOf } from '../support/dashboard.js';
import { Exposition, expose } from '../support/exposition.js';
import { callGrpc, grpcClient, grpcOf } from '../support/grpc-calls.js';
import { at, call, textAt } from '../support/http-calls.js';
import { newKey } from '../support/keys-command.js';
import { startOpenAiServer } from '../support/openai-server.js';
import { afterThisTest } from '../support/outcome.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { until } from '../support/until.js';
import { answer, startReceiver } from '../support/webhook-receiver.js';

const entry = fileURLToPath(new URL('../support/metrics-server.mjs', import.meta.url));
/** Labels that Prometheus adds. */
const JOB_LABELS = ['job', 'instance'];
const STATES = /_(COMPLETED|FAILED|INPUT_REQUIRED|WORKING)$/;

async function begin(server: ServerProcess, agent: string, message: object = { parts: [{ text: 'go' }] }) {
  const { body } = await call('POST', `${server.url}/agents/${agent}/tasks`, { body: { message } });
  return textAt(body, 'id');
}

function reaches(server: ServerProcess, id: string, state: string): Promise<unknown> {
  return until(
    async () => {
      const { body } = await call('GET', `${server.url}/tasks/${id}`);
      return STATES.exec(textAt(body, 'status', 'state'))?.[1] === state;
    },
    { what: `${id} to be ${state}` },
  );
}

/** What is exposed when `holds` does: some of it is counted a moment after clients see it. */
async function exposed(url: string, holds: (seen: Exposition) => void): Promise<Exposition> {
  let seen = new Exposition('');
  await until(
    async () => {
      seen = await expose(url);
      holds(seen);
      return true;
    },
    { what: 'the metrics to say so' },
  );
  return seen;
}

describe('one process', () => {
  let server: ServerProcess;
  let url: string;

  beforeAll(async () => {
    const model = await startOpenAiServer();
    const receiver = await startReceiver();
    const prices = join(await makeTestDirectory('prices'), 'prices.json');
    await writeFile(prices, JSON.stringify({ models: { 'openai-compatible/told': { input: 1, output: 2 } } }));
    const hook = receiver.at('/hook');
    hook.next(answer(500));
    server = await startServer({
      entry,
      env: {
        CONTINUO_MODEL: 'openai-compatible/told',
        CONTINUO_MODEL_BASE_URL: model.baseUrl,
        CONTINUO_PRICES: prices,
        CONTINUO_WEBHOOK_RETRIES: '0.1,0.1',
        CONTINUO_GRPC_PORT: '0',
      },
    });
    url = `${server.url}/metrics`;
    await call('POST', `${server.url}/webhooks`, { body: { url: hook.url, kinds: ['statusUpdate'] } });
    const grpc = grpcClient((await grpcOf(server.url, 'test/works')).address);
    afterThisTest(async () => grpc.close());
    await callGrpc(grpc, 'getTask', { id: 'none', tenant: 'test/works' });
    const [works, fails, asks, sleeps, thinks] = await Promise.all([
      begin(server, 'test/works'),
      begin(server, 'test/fails'),
      begin(server, 'test/asks'),
      begin(server, 'test/sleeps'),
      begin(server, 'test/thinks'),
    ]);
    await Promise.all([
      reaches(server, works, 'COMPLETED'),
      reaches(server, fails, 'FAILED'),
      reaches(server, asks, 'INPUT_REQUIRED'),
      reaches(server, sleeps, 'WORKING'),
      reaches(server, thinks, 'COMPLETED'),
    ]);
  });

  it('counts tasks, how they ended and how long that took', async () => {
    await exposed(url, (seen) => {
      expect(seen.sum('continuo_tasks_created_total')).toBe(5);
      expect(seen.sum('continuo_tasks_ended_total', { agent: 'test/works', state: 'completed' })).toBe(1);
      expect(seen.sum('continuo_tasks_ended_total', { agent: 'test/fails', state: 'failed' })).toBe(1);
      expect(seen.sum('continuo_tasks_ended_total')).toBe(3);
      expect(seen.sum('continuo_task_duration_seconds_count', { agent: 'test/works' })).toBe(1);
      expect(seen.sum('continuo_task_duration_seconds_sum', { agent: 'test/works' })).toBeGreaterThan(0);
      expect(seen.sum('continuo_runs_started_total', { cause: 'first' })).toBe(5);
    });
  });

  it('counts what waits, by what it waits for', async () => {
    await exposed(url, (seen) => {
      expect(seen.sum('continuo_tasks', { agent: 'test/asks', state: 'input_required' })).toBe(1);
      expect(seen.sum('continuo_tasks', { agent: 'test/sleeps', state: 'parked' })).toBe(1);
      expect(seen.sum('continuo_tasks', { agent: 'test/works' })).toBe(0);
      expect(seen.sum('continuo_instances')).toBe(1);
    });
  });

  it('counts steps, their tries, and calls of models with tokens and cost', async () => {
    await exposed(url, (seen) => {
      expect(seen.sum('continuo_steps_total', { agent: 'test/works', outcome: 'completed' })).toBe(2);
      expect(seen.sum('continuo_step_retries_total', { agent: 'test/works' })).toBe(1);
      const model = { agent: 'test/thinks', model: 'openai-compatible/told' };
      expect(seen.sum('continuo_model_calls_total', model)).toBe(1);
      expect(seen.sum('continuo_model_tokens_total', { ...model, type: 'input' })).toBeGreaterThan(0);
      expect(seen.sum('continuo_model_cost_dollars_total', model)).toBeGreaterThan(0);
    });
  });

  it('counts deliveries to webhooks, and what is still to be made', async () => {
    await exposed(url, (seen) => {
      expect(seen.sum('continuo_webhook_attempts_total', { outcome: 'failed' })).toBe(1);
      expect(seen.sum('continuo_webhook_attempts_total', { outcome: 'delivered' })).toBeGreaterThan(2);
      expect(seen.sum('continuo_webhook_backlog')).toBe(0);
    });
  });

  it('says what has changed: a task that was answered waits no more, and was resumed', async () => {
    const { body } = await call('GET', `${server.url}/tasks?agent=test/asks`);
    const id = textAt(body, 'tasks', 0, 'id');
    await begin(server, 'test/asks', { taskId: id, parts: [{ text: 'this' }] });
    await reaches(server, id, 'COMPLETED');
    await exposed(url, (seen) => {
      expect(seen.sum('continuo_tasks', { agent: 'test/asks' })).toBe(0);
      expect(seen.sum('continuo_runs_started_total', { agent: 'test/asks', cause: 'resumed' })).toBe(1);
    });
  });

  it("counts requests by route and status, with nobody's ids", async () => {
    await call('GET', `${server.url}/tasks/${crypto.randomUUID()}`);
    await call('GET', `${server.url}/nowhere`);
    const seen = await exposed(url, (now) => {
      const route = '/tasks/:id';
      expect(now.sum('continuo_http_requests_total', { method: 'GET', route, status: '404' })).toBe(1);
      expect(now.sum('continuo_http_requests_total', { route: 'none', status: '404' })).toBe(1);
      expect(now.sum('continuo_http_request_duration_seconds_count', { route: '/agents/:type/:name/tasks' })).toBe(6);
    });
    const routes = new Set(seen.found('continuo_http_requests_total').map(({ labels }) => labels['route'] ?? ''));
    expect([...routes].filter((route) => /\d/.test(route))).toEqual([]);
  });

  it('says how it is itself: connections, heartbeat, batches, the lag of its event loop', async () => {
    const seen = await expose(url);
    expect(seen.sum('continuo_database_connections')).toBeGreaterThan(1);
    expect(seen.sum('continuo_heartbeat_age_seconds')).toBeLessThan(seen.sum('continuo_lease_seconds'));
    expect(seen.sum('continuo_batch_size_sum', { batch: 'open' })).toBe(5);
    expect(seen.found('nodejs_eventloop_lag_p99_seconds')).toHaveLength(1);
    expect(seen.found('continuo_build_info')).toEqual([
      { name: 'continuo_build_info', labels: { version: '0.1.0' }, value: 1 },
    ]);
  });

  it('has what the dashboard and the alerts in deploy/ ask for', async () => {
    const { samples, families } = await expose(url);
    const asked = [...(await dashboardQueries()), ...(await alertQueries())];
    expect(asked.length).toBeGreaterThan(30);
    // Nothing of it has happened here: a counter that by its labels has not begun has no sample.
    const notYet = ['continuo_tasks_held', 'continuo_runs_started_total', 'continuo_http_requests_total'];
    const missing = asked.flatMap(({ title, expr }) => {
      const without = selectorsOf(expr).filter(({ metric, matchers }) => {
        const known = families.some(({ name }) => name === metric.replace(/_(bucket|sum|count)$/, ''));
        const found = samples.some(
          ({ name, labels }) =>
            name === metric &&
            matchers.every(({ label, matches }) => JOB_LABELS.includes(label) || matches(labels[label] ?? '')),
        );
        return !known || (!found && !notYet.includes(metric));
      });
      return without.map(({ metric }) => `${title}: ${metric}`);
    });
    expect(missing).toEqual([]);
  });

  it('is text as Prometheus takes it, each metric with what it means', async () => {
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const { families } = new Exposition(await response.text());
    for (const { name, help } of families) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(help).not.toBe('');
    }
    const counters = families.filter(({ type }) => type === 'COUNTER').map(({ name }) => name);
    expect(counters.filter((name) => !name.endsWith('_total'))).toEqual([]);
  });
});

it('is for admins, and for whoever reaches CONTINUO_METRICS_PORT', async () => {
  const { url: databaseUrl } = await createTestDatabase();
  const env = { DATABASE_URL: databaseUrl, CONTINUO_AUTH: 'keys', CONTINUO_METRICS_PORT: '0' };
  const server = await startServer({ env });
  const admin = await newKey(databaseUrl, '--owner', 'ops', '--scopes', 'admin');
  const reader = await newKey(databaseUrl, '--owner', 'ada', '--scopes', 'read,write');
  const ask = (key?: string) =>
    fetch(`${server.url}/metrics`, { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });
  expect((await ask()).status).toBe(401);
  expect((await ask(reader)).status).toBe(403);
  expect((await ask(admin)).status).toBe(200);

  const served = () => /^.*"metrics are served".*$/m.exec(server.output())?.[0];
  const line = await until(served, { what: 'the port of the metrics to be written' });
  const port: unknown = at(JSON.parse(line), 'port');
  const apart = `http://127.0.0.1:${String(port)}`;
  expect((await expose(`${apart}/metrics`)).found('continuo_build_info')).toHaveLength(1);
  for (const [method, path, status] of [
    ['GET', '/tasks', 404],
    ['GET', '/', 404],
    ['POST', '/metrics', 405],
  ] as const) {
    expect((await fetch(`${apart}${path}`, { method })).status).toBe(status);
  }
});

it('adds up what several processes have done, whichever of them is asked', async () => {
  const server = await startServer({ entry, env: { CONTINUO_PROCESSES: '2' } });
  const ids = await Promise.all(Array.from({ length: 6 }, () => begin(server, 'test/works')));
  await Promise.all(ids.map((id) => reaches(server, id, 'COMPLETED')));
  const once = (seen: Exposition): void => {
    expect(seen.sum('continuo_tasks_ended_total')).toBe(6);
    expect(new Set(seen.found('continuo_build_info').map(({ labels }) => labels['process']))).toEqual(
      new Set(['1', '2']),
    );
  };
  for (let time = 0; time < 4; time += 1) await exposed(`${server.url}/metrics`, once);
});
