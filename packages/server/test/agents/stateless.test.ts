/** Agents without sessions: on a server that keeps none, they work and say that they remember nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { AssistantAgent } from '../../src/agents/builtin/assistant-agent.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import { saidBy } from '../support/answers.js';

const SESSIONS = 'urn:continuo:a2a:sessions:v1';

/** Uses everything that a session offers, and says what it got. */
@A2AAgent({ type: 'test', name: 'curious', description: 'Looks at its session.' })
class CuriousAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    await task.session.state.set('seen', 'once');
    const saved = await this.saveAgentResponseToSession(task, 'I was here.');
    const child = task.text === 'call' ? await task.call('test/curious', 'go') : undefined;
    return JSON.stringify({
      stateless: task.session.stateless,
      history: (await task.history()).length,
      seen: await task.session.state.get('seen'),
      updated: await task.session.state.update<string>('seen', (seen) => `${seen} and again`),
      saved,
      store: this.sessions !== undefined,
      child: child?.text,
    });
  }
}

let databaseUrl: string;
let server: RunningServer;

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  const env = { PORT: '0', DATABASE_URL: databaseUrl, CONTINUO_LOG_LEVEL: 'silent' };
  server = await startServer({ agents: [CuriousAgent, AssistantAgent], sessions: false, env });
});

afterAll(() => server.stop());

it('a call runs, keeps nothing for the next one, and says so in its metadata', async () => {
  const body = { message: { contextId: 'talk', parts: [{ text: 'go' }] }, wait: true };
  for (const before of [0, 1]) {
    const task = await call('POST', `${server.url}/agents/test/curious/tasks`, { body });
    expect(at(task.body, 'metadata', SESSIONS)).toEqual({ stateless: true, reason: 'this server keeps no sessions' });
    expect(JSON.parse(saidBy(task.body))).toEqual({
      stateless: true,
      history: 0,
      seen: 'once',
      updated: 'once and again',
      saved: false,
      store: false,
    });
    expect((await call('GET', `${server.url}/tasks`)).body).toMatchObject({ totalSize: before + 1 });
  }
  expect(await runOn(databaseUrl, 'SELECT count(*)::int AS n FROM sessions')).toEqual([{ n: 0 }]);
  expect(await runOn(databaseUrl, 'SELECT count(*)::int AS n FROM messages')).toEqual([{ n: 0 }]);
});

it('so do the calls that an agent makes', async () => {
  const body = { message: 'call', wait: true };
  const task = await call('POST', `${server.url}/agents/test/curious/tasks`, { body });
  const said: unknown = JSON.parse(saidBy(task.body));
  expect(JSON.parse(textAt(said, 'child'))).toMatchObject({ stateless: true, history: 0 });
});

it('the assistant answers, but does not remember', async () => {
  const ask = async (text: string): Promise<string> => {
    const message = { messageId: text, contextId: 'talk', role: 'ROLE_USER', parts: [{ text }] };
    const answer = await callRpc(`${server.url}/agents/context/assistant`, 'SendMessage', { message });
    return saidBy(at(answer.body, 'result', 'task'));
  };
  expect(await ask('My umbrella is purple.')).not.toBe('');
  const second = await ask('What colour is my umbrella?');
  expect(second).not.toBe('');
  expect(second).not.toContain('purple');
});

it('the cards do not promise sessions, and the API says that there are none', async () => {
  const card = await call('GET', `${server.url}/agents/test/curious/.well-known/agent-card.json`);
  expect(JSON.stringify(card.body)).not.toContain(SESSIONS);
  for (const [method, path] of [
    ['GET', '/sessions'],
    ['POST', '/sessions'],
    ['GET', '/sessions/talk/messages'],
  ] as const) {
    const { status, body } = await call(method, `${server.url}${path}`);
    expect([status, at(body, 'error', 'details', 0, 'reason')]).toEqual([400, 'UNSUPPORTED_OPERATION']);
  }
});
