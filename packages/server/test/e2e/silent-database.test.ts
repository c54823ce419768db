/** PostgreSQL falls silent instead of going: noticed within seconds, refused in time, and what was refused does not run. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt, type Answer } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import { startServer } from '../support/server-process.js';
import { startSilentProxy } from '../support/silent-proxy.js';
import { startStoppablePostgres } from '../support/stoppable-postgres.js';
import { completedTask } from '../support/completed-task.js';
import { makeNotesFile, notedSteps } from '../support/noted-steps.js';
import { until } from '../support/until.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
const lease = { CONTINUO_LEASE_MS: '1500', CONTINUO_HEARTBEAT_MS: '300', CONTINUO_SWEEP_MS: '200' };
/** A minute is what calls waited before anybody noticed; half of it leaves room for a slow machine. */
const noticed = { timeoutMs: 30_000 };

interface Sent {
  readonly messageId: string;
  readonly contextId: string;
}

const newMessage = (contextId: string): Sent => ({ messageId: randomUUID(), contextId });

function send(url: string, message: Sent): Promise<Answer> {
  const body = { message: { ...message, parts: [{ text: 'hello' }] } };
  return call('POST', `${url}/agents/function/echo/tasks`, { body });
}

/** Fails when it has no answer in time. */
async function inTime(answer: Promise<Answer>): Promise<Answer> {
  let arrived: Answer | undefined;
  void answer.then(
    (one) => (arrived = one),
    () => undefined,
  );
  return until(() => arrived, { what: 'an answer' });
}

function expectRefused(answers: readonly Answer[]): void {
  const refused = answers.map(({ status, headers }) => [status, headers.get('retry-after')]);
  expect(refused).toEqual(answers.map(() => [503, '1']));
}

const readiness = async (url: string): Promise<number> => (await call('GET', `${url}/readyz`)).status;

it('connections that vanish without a word are noticed, and work again by themselves', async () => {
  const { url: databaseUrl } = await createTestDatabase();
  const proxy = await startSilentProxy(databaseUrl);
  const { url } = await startServer({ entry, env: { DATABASE_URL: proxy.url, ...lease } });
  const contextId = randomUUID();
  const file = await makeNotesFile();
  const notes = { parts: [{ data: { steps: 10, delayMs: 100, file } }] };
  const { body } = await call('POST', `${url}/agents/test/notes/tasks`, { body: { message: notes } });
  const id = textAt(body, 'id');
  await until(async () => (await notedSteps(file)).length > 1, { what: 'the task to be in the middle' });
  const listeners = await runOn<{ pid: number }>(
    databaseUrl,
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'continuo listen' AND datname = current_database()`,
  );
  expect(listeners.length).toBe(2);

  proxy.fallSilent();
  const messages = Array.from({ length: 30 }, () => newMessage(contextId));
  const early = await Promise.all(messages.map((message) => inTime(send(url, message))));
  expectRefused(early.filter(({ status }) => status !== 201 && status !== 200));
  await until(async () => (await readiness(url)) === 200, { what: 'the server to be ready', ...noticed });
  // Ready means ready: no request behind it meets a dead connection.
  const answers = await Promise.all(messages.map((message) => inTime(send(url, message))));
  expect(answers.filter(({ status }) => status !== 201 && status !== 200)).toEqual([]);
  await completedTask(url, id, 60_000);
  const inSession = async (): Promise<unknown> => {
    const { body: found } = await call('GET', `${url}/tasks?sessionId=${contextId}&state=COMPLETED&pageSize=1`);
    return at(found, 'totalSize');
  };
  await until(async () => (await inSession()) === messages.length, { what: 'each to complete once', ...noticed });

  const again = await until(
    async () => {
      const heard = await runOn<{ n: number }>(
        databaseUrl,
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'continuo listen'
         AND datname = current_database() AND NOT pid = ANY('{${listeners.map(({ pid }) => pid).join(',')}}')`,
      );
      return heard[0]?.n === 2;
    },
    { what: 'both to listen on new connections', ...noticed },
  );
  expect(again).toBe(true);
});

it('while PostgreSQL hangs callers are refused in time, and nothing that was refused runs afterwards', async () => {
  const postgres = await startStoppablePostgres();
  const { url } = await startServer({ entry, env: { DATABASE_URL: postgres.url, ...lease } });
  const [kept, refusedForGood] = [randomUUID(), randomUUID()];
  const sent = new Map<Sent, Answer>();
  const file = await makeNotesFile();
  const notes = { parts: [{ data: { steps: 30, delayMs: 50, file } }] };
  const { body } = await call('POST', `${url}/agents/test/notes/tasks`, { body: { message: notes } });
  const id = textAt(body, 'id');
  const load = Array.from({ length: 40 }, async () => {
    for (let n = 0; n < 5; n += 1) {
      const message = newMessage(kept);
      sent.set(message, await inTime(send(url, message)));
    }
  });
  await until(() => sent.size > 20, { what: 'messages to be accepted' });
  await postgres.pause();

  const later = Array.from({ length: 20 }, () => newMessage(refusedForGood));
  expectRefused(await Promise.all(later.map((message) => inTime(send(url, message)))));
  expectRefused(
    await Promise.all(
      ['/tasks', `/tasks/${id}`, `/tasks/${id}/events`, '/sessions', '/readyz'].map((path) =>
        inTime(call('GET', url + path)),
      ),
    ),
  );
  expectRefused([await inTime(call('POST', `${url}/tasks/${id}:cancel`))]);
  expect((await call('GET', `${url}/healthz`)).status).toBe(200);
  await Promise.all(load);
  await postgres.resume();

  const open = [...sent].filter(([, { status }]) => status !== 201);
  expect(open.length).toBeGreaterThan(0);
  expectRefused(open.map(([, answer]) => answer));
  await until(async () => (await readiness(url)) === 200, { what: 'the server to be ready', ...noticed });
  const answers = await Promise.all(open.map(([message]) => inTime(send(url, message))));
  expect(answers.filter(({ status }) => status !== 201 && status !== 200)).toEqual([]);
  const completed = async (contextId: string): Promise<unknown> => {
    const { body: found } = await call('GET', `${url}/tasks?sessionId=${contextId}&pageSize=1`);
    const { body: ended } = await call('GET', `${url}/tasks?sessionId=${contextId}&state=COMPLETED&pageSize=1`);
    return [at(found, 'totalSize'), at(ended, 'totalSize')].join();
  };
  await until(async () => (await completed(kept)) === `${sent.size},${sent.size}`, {
    what: 'each to be there and complete once',
    ...noticed,
  });
  expect(await completed(refusedForGood)).toBe('0,0');
  await completedTask(url, id, 60_000);
  expect((await notedSteps(file)).length).toBeLessThanOrEqual(31);
});
