/** HEAD of a stream says what GET would, and leaves its connection to the next request while the task goes on. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { beforeAll, expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, type TaskContext } from '../../src/index.js';
import { startNestServer } from '../support/nest-server.js';
import { call, textAt } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';

/** A connection that is kept by what was asked before has no answer for what is asked next. */
const PATIENCE_MS = 30_000;

@A2AAgent({ type: 'test', name: 'asks', description: 'Asks, and waits for the answer.' })
class Asks extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    return (await task.requestInput('Go on?')).text;
  }
}

let url: string;
let task: string;
let session: string;

beforeAll(async () => {
  ({ url } = await startNestServer([Asks], {}));
  const message = { messageId: randomUUID(), parts: [{ text: 'begin' }] };
  const { body } = await call('POST', `${url}/agents/test/asks/tasks`, { body: { message, wait: true } });
  [task, session] = [textAt(body, 'id'), textAt(body, 'contextId')];
});

it.each([
  ['a task', () => `/tasks/${task}/events`, {}],
  ['all tasks', () => '/tasks/events', {}],
  ['a session', () => `/sessions/${session}/events`, {}],
  ['a task over A2A', () => `/agents/test/asks/tasks/${task}:subscribe`, { 'a2a-version': '1.0' }],
  ['a task over A2A 0.3', () => `/agents/test/asks/v1/tasks/${task}:subscribe`, {}],
])('of the events of %s', async (_, path, headers) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  afterThisTest(async () => agent.destroy());
  const ask = (method: string, where: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const asked = request(url + where, { method, agent, headers, signal }, (response) => {
        const { statusCode, headers: head } = response;
        response.resume().once('end', () => resolve([statusCode, head['content-type']?.split(';')[0]]));
      });
      asked.once('error', reject).end();
    });
  expect(await ask('HEAD', path())).toEqual([200, 'text/event-stream']);
  expect(await ask('GET', `/tasks/${task}?historyLength=0`)).toEqual([200, 'application/json']);
});
