/** PostgreSQL does what it was asked to, and the answer gets lost: nothing is done twice, and nothing is left lying. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { completedTask } from '../support/completed-task.js';
import { createTestDatabase } from '../support/database.js';
import { ResumingReader } from '../support/event-stream.js';
import { call, textAt } from '../support/http-calls.js';
import { startLossyProxy, type LossyProxy } from '../support/lossy-proxy.js';
import { makeNotesFile, notedSteps } from '../support/noted-steps.js';
import { startServer } from '../support/server-process.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let url: string;
let proxy: LossyProxy;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  proxy = await startLossyProxy(databaseUrl);
  // The lease outlives the losses: nobody is there to take anything over.
  const env = { DATABASE_URL: proxy.url, CONTINUO_LEASE_MS: '60000', CONTINUO_SWEEP_MS: '200' };
  ({ url } = await startServer({ entry, env }));
});

const completed = (id: string): Promise<unknown> => completedTask(url, id, 20_000);

/** Every event of an ended task once and in order; answers with what its agent said, its answer last. */
async function stagesOf(id: string): Promise<readonly string[]> {
  const reader = new ResumingReader(`${url}/tasks/${id}/events`);
  expect(await reader.read()).toBe('ended');
  expect(reader.ids).toEqual(reader.ids.map((_, index) => index + 1));
  const said = reader.frames.map(
    ({ data }) =>
      textAt(data, 'statusUpdate', 'status', 'message', 'parts', 0, 'text') ||
      textAt(data, 'artifactUpdate', 'artifact', 'parts', 0, 'text'),
  );
  return said.filter((text) => text !== '');
}

async function notingTask(steps: number): Promise<{ readonly id: string; readonly file: string }> {
  const file = await makeNotesFile();
  const message = { parts: [{ data: { steps, delayMs: 20, file } }] };
  const { body } = await call('POST', `${url}/agents/test/notes/tasks`, { body: { message } });
  return { id: textAt(body, 'id'), file };
}

it('a task that was accepted without its client being told is found by the next try, and runs', async () => {
  const { body: session } = await call('POST', `${url}/sessions`);
  const sessionId = textAt(session, 'id');
  const messageId = randomUUID();
  const body = { message: { messageId, parts: [{ text: 'hello' }] }, sessionId };
  const send = () => call('POST', `${url}/agents/function/echo/tasks`, { body });
  const lost = proxy.loseAnswerTo(messageId);
  expect((await send()).status).toBe(503);
  await lost;

  const again = await send();
  expect(again.status).toBe(200);
  await completed(textAt(again.body, 'id'));
  expect((await call('GET', `${url}/tasks?sessionId=${sessionId}`)).body).toMatchObject({ totalSize: 1 });
  expect((await call('GET', `${url}/sessions/${sessionId}`)).body).toMatchObject({ messageCount: 2 });
});

it('a task that was accepted without its client being told runs, also when the client never comes back', async () => {
  const messageId = randomUUID();
  const contextId = randomUUID();
  const lost = proxy.loseAnswerTo(messageId);
  const message = { messageId, contextId, parts: [{ text: 'hello' }] };
  expect((await call('POST', `${url}/agents/function/echo/tasks`, { body: { message } })).status).toBe(503);
  await lost;
  const { body } = await call('GET', `${url}/tasks?sessionId=${contextId}`);
  await completed(textAt(body, 'tasks', 0, 'id'));
});

it('an answer that was stored without its client being told is found by the next try, and the task goes on', async () => {
  const agent = `${url}/agents/test/asks-twice/tasks`;
  const { body: asked } = await call('POST', agent, { body: { message: 'go', wait: true } });
  const taskId = textAt(asked, 'id');
  for (const text of ['Ada', 'green']) {
    const body = { message: { messageId: randomUUID(), taskId, parts: [{ text }] }, wait: true };
    const lost = proxy.loseAnswerTo(body.message.messageId);
    await call('POST', agent, { body });
    await lost;
    expect((await call('POST', agent, { body })).status).toBe(200);
  }
  expect(await stagesOf(taskId)).toEqual(['What is your name?', 'Which colour do you like, Ada?', 'Ada likes green.']);
});

it('events that were stored without the agent being told are stored once', async () => {
  const losses = ['Noted 3', 'Noted 5', 'Noted 8 steps'].map((text) => proxy.loseAnswerTo(text));
  const { id, file } = await notingTask(8);
  await completed(id);
  await Promise.all(losses);
  const once = [1, 2, 3, 4, 5, 6, 7, 8];
  expect(await stagesOf(id)).toEqual([...once.map((step) => `Noted ${step}`), 'Noted 8 steps.']);
  expect((await notedSteps(file)).map(({ step }) => step)).toEqual(once);
});

it('a step whose result was kept without the agent being told is not run again', async () => {
  const losses = ['note 2', 'note 4'].map((text) => proxy.loseAnswerTo(text));
  const { id, file } = await notingTask(5);
  await completed(id);
  await Promise.all(losses);
  expect((await notedSteps(file)).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
  expect(await stagesOf(id)).toEqual([...[1, 2, 3, 4, 5].map((step) => `Noted ${step}`), 'Noted 5 steps.']);
});
