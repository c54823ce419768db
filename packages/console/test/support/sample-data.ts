/** Tasks as they come about in a day, for pages that need something to show. */
import { randomUUID } from 'node:crypto';
import { at, call, textAt } from '../../../server/test/support/http-calls.js';
import { until } from '../../../server/test/support/until.js';

/** Begins a task; answers with its id. Text goes as text, everything else as data. */
export async function begin(url: string, agent: string, content: unknown, sessionId?: string): Promise<string> {
  const parts = [typeof content === 'string' ? { text: content } : { data: content }];
  const body = { message: { messageId: randomUUID(), parts }, ...(sessionId === undefined ? {} : { sessionId }) };
  const answer = await call('POST', `${url}/agents/${agent}/tasks`, { body });
  if (answer.status >= 300) throw new Error(`refused with ${answer.status}: ${JSON.stringify(answer.body)}`);
  return textAt(answer.body, 'id');
}

export async function openSession(url: string, title: string): Promise<string> {
  return textAt((await call('POST', `${url}/sessions`, { body: { title } })).body, 'id');
}

/** What is listed at a path, under its name: `found(url, 'tasks?q=dog', 'tasks')`. */
export async function found(url: string, path: string, name: string): Promise<unknown> {
  return at((await call('GET', `${url}/${path}`)).body, name);
}

/** Resolves when the task is in the state, named as `WORKING`. */
export async function reaches(url: string, id: string, state: string): Promise<void> {
  await until(
    async () => textAt((await call('GET', `${url}/tasks/${id}`)).body, 'status', 'state') === `TASK_STATE_${state}`,
    { what: `task ${id} to be ${state}` },
  );
}

export const campaign = {
  product: 'Aqua: A bottle that cools water by itself. It keeps a litre cold for 12 hours.',
  audience: 'hikers',
  goal: '500 preorders',
  tone: 'friendly',
  channels: ['landing page', 'LinkedIn', 'X thread'],
  budget: { amount: 5000, currency: 'EUR' },
  startDate: '2027-03-01',
  url: 'https://aqua.example/',
};
