/** Callers that wait for the end of a task and leave: nobody reads on for them. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, type TaskContext } from '../../src/index.js';
import { Database } from '../../src/platform/database.js';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { startNestServer } from '../support/nest-server.js';
import { until } from '../support/until.js';

@A2AAgent({ type: 'test', name: 'waiting', description: 'Works until it is stopped.' })
class WaitingAgent extends A2AAgentBaseService {
  override async execute({ signal }: TaskContext): Promise<void> {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }
}

let app: NestExpressApplication;
let url: string;

beforeAll(async () => {
  ({ app, url } = await startNestServer([WaitingAgent], { CONTINUO_DRAIN_MS: '0' }));
});

const rpc = (method: string, message: object) => ({ jsonrpc: '2.0', id: 1, method, params: { message } });
const newMessage = (role: string) => ({ messageId: randomUUID(), role, parts: [{ text: 'wait' }] });
const old = { kind: 'message', messageId: randomUUID(), role: 'user', parts: [{ kind: 'text', text: 'wait' }] };
const agent = '/agents/test/waiting';

it.each([
  ['SendMessage', agent, { 'a2a-version': '1.0' }, rpc('SendMessage', newMessage('ROLE_USER'))],
  ['message:send', `${agent}/message:send`, { 'a2a-version': '1.0' }, { message: newMessage('ROLE_USER') }],
  [
    'message/send of 0.3',
    agent,
    {},
    { ...rpc('message/send', old), params: { message: old, configuration: { blocking: true } } },
  ],
  ['a task that is waited for', `${agent}/tasks`, {}, { message: 'wait', wait: true }],
  ['SendStreamingMessage', agent, { 'a2a-version': '1.0' }, rpc('SendStreamingMessage', newMessage('ROLE_USER'))],
])('%s', async (_what, path, headers, body) => {
  const { shares } = app.get(Database);
  const client = new AbortController();
  const answer = fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: client.signal,
  });
  answer.catch(() => undefined);
  await until(() => shares.readers === 1, { what: 'the caller to be read for' });
  client.abort();
  await until(() => shares.readers === 0, { what: 'nobody to be read for' });
  expect(shares.readers).toBe(0);
});
