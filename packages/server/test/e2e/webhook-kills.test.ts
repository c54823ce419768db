/** kill -9 at every point between an event and its delivery, and two instances: nothing is lost, and order is kept. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';
import {
  seqsByTask,
  startReceiver,
  verified,
  type Receiver,
  type ReceiverEndpoint,
} from '../support/webhook-receiver.js';

// A server that is held up for longer than its lease sends again, as it should: that is not what is looked at here.
const quick = { CONTINUO_LEASE_MS: '5000', CONTINUO_HEARTBEAT_MS: '300', CONTINUO_SWEEP_MS: '100' };
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
});

function start(databaseUrl: string, crashAt?: string): Promise<ServerProcess> {
  const env = { DATABASE_URL: databaseUrl, ...quick, CONTINUO_WEBHOOK_RETRIES: '0.1,0.1,0.1,0.1' };
  return startServer({ env: crashAt === undefined ? env : { ...env, CONTINUO_CRASH_AT: crashAt } });
}

async function subscribe(server: ServerProcess, endpoint: ReceiverEndpoint): Promise<string> {
  const body = { url: endpoint.url, kinds: ['task', 'statusUpdate', 'artifactUpdate'] };
  return textAt((await call('POST', `${server.url}/webhooks`, { body })).body, 'secret');
}

/** Its id, unless the server died before it could say. */
async function countdown(server: ServerProcess, steps = 3): Promise<string | undefined> {
  const body = { message: { parts: [{ data: { steps, delayMs: 10 } }] } };
  const created = call('POST', `${server.url}/agents/function/countdown/tasks`, { body });
  return created.then((answered) => textAt(answered.body, 'id')).catch(() => undefined);
}

/** Resolves when all tasks have ended, and nothing is left to deliver. */
function untilAllCame(server: ServerProcess, { received }: ReceiverEndpoint, tasks: number): Promise<unknown> {
  return until(
    async () => {
      const { body } = await call('GET', `${server.url}/tasks`);
      const ended = (at(body, 'tasks') as readonly unknown[]).filter(
        (task) => at(task, 'status', 'state') === 'TASK_STATE_COMPLETED',
      );
      if (ended.length < tasks) throw new Error(`${ended.length} of ${tasks} tasks have ended`);
      const { body: pending } = await call('GET', `${server.url}/webhooks/deliveries?status=pending`);
      if (at(pending, 'deliveries', 0) !== undefined) throw new Error(JSON.stringify(at(pending, 'deliveries', 0)));
      return received.length > 0;
    },
    { what: 'every event to be delivered' },
  );
}

/** Every event at least once; without repetitions in order; a repetition has the same id. */
function expectComplete({ received }: ReceiverEndpoint, secret: string, tasks: number): void {
  const firstOf = new Map(received.toReversed().map((one) => [`${one.taskId} ${one.seq}`, one]));
  const first = received.filter((one) => [...firstOf.values()].includes(one));
  for (const one of received) expect(one.id).toBe(firstOf.get(`${one.taskId} ${one.seq}`)?.id);
  for (const one of received) verified(one, secret);
  const bySeq = seqsByTask(first);
  expect(bySeq.size).toBe(tasks);
  for (const seqs of bySeq.values()) expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  const endings = first.filter(({ raw }) => raw.includes('TASK_STATE_COMPLETED'));
  expect(endings).toHaveLength(tasks);
}

/** With the numbers of events that may be sent twice: an earlier event can be on its way when a later one is appended. */
const points = [
  ['task-opened:1', [0]],
  ['events-appended:2', [0, 1]],
  ['endpoint-claimed:1', [0]],
  ['webhook-posted:2', [1]],
  ['webhook-recorded:2', [0]],
] as const;

describe.each(points)('a server that dies at %s', (crashAt, repeated) => {
  it('leaves nothing undelivered', async () => {
    const { url } = await createTestDatabase();
    const endpoint = receiver.at(crashAt);
    const first = await start(url);
    const secret = await subscribe(first, endpoint);
    await first.kill('SIGTERM');
    const dying = await start(url, crashAt);
    await countdown(dying);
    expect(await dying.exited).toMatchObject({ signal: 'SIGKILL' });
    const next = await start(url);
    await untilAllCame(next, endpoint, 1);
    expectComplete(endpoint, secret, 1);
    expect(repeated).toContain(endpoint.received.length - new Set(endpoint.received.map(({ id }) => id)).size);
  });
});

it('two servers share the work; when one is killed, the other takes over, and one that stops hands over at once', async () => {
  const { url } = await createTestDatabase();
  const endpoint = receiver.at('two');
  const [a, b] = [await start(url), await start(url)];
  const secret = await subscribe(a, endpoint);
  const begun: (string | undefined)[] = [];
  for (const server of [a, b, a, b]) begun.push(await countdown(server, 10));
  await until(() => endpoint.received.length > 5, { what: 'some deliveries' });
  await a.kill('SIGKILL');
  for (let n = 0; n < 4; n += 1) begun.push(await countdown(b, 10));
  const c = await start(url);
  await until(() => endpoint.received.length > 30, { what: 'more deliveries' });
  await b.kill('SIGTERM');
  await untilAllCame(c, endpoint, begun.length);
  expect(begun).not.toContain(undefined);
  expectComplete(endpoint, secret, begun.length);
});

it('a server that stops lets what it has begun to send come to its end', async () => {
  const { url } = await createTestDatabase();
  const endpoint = receiver.at('drain');
  const server = await start(url);
  await subscribe(server, endpoint);
  let release = (): void => undefined;
  endpoint.next({ kind: 'slow', until: new Promise((resolve) => (release = resolve)) });
  await countdown(server);
  await until(() => endpoint.received.length === 1, { what: 'the first delivery' });
  const stopped = server.kill('SIGTERM');
  await until(() => call('GET', `${server.url}/readyz`).then(({ status }) => status === 503), { what: 'the drain' });
  release();
  await stopped;
  const next = await start(url);
  await untilAllCame(next, endpoint, 1);
  expect(new Set(endpoint.received.map(({ id }) => id)).size).toBe(endpoint.received.length);
});
