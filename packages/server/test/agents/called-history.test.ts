/** What agents that others call are told of their session: what was said before the call, and the same in each of their runs. */
import 'reflect-metadata';
import { beforeAll, expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, type TaskContext } from '../../src/index.js';
import { textOf, type Message } from '@continuo/agent/internal/sessions/message.js';
import { saidBy } from '../support/answers.js';
import { call, textAt } from '../support/http-calls.js';
import { startNestServer } from '../support/nest-server.js';

/** What runs were told: as agents ask for it, and as language models are shown it. */
const seen: unknown[] = [];

/** Asks, and notes what it is told of its session in each of its runs. */
@A2AAgent({ type: 'test', name: 'called', description: 'Asks what it is called with.' })
class CalledAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const window = await this.sessions?.window(task.session.key, task.message.messageId, 50);
    const texts = (messages: readonly Message[] = []): string => messages.map(({ parts }) => textOf(parts)).join(', ');
    seen.push({ history: texts(await task.history()), window: texts(window?.messages.map(({ message }) => message)) });
    return (await task.requestInput(`${task.text}?`)).text;
  }
}

@A2AAgent({ type: 'test', name: 'calls', description: 'Calls another one twice.' })
class CallsAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const first = await task.call('test/called', 'One');
    const second = await task.call('test/called', 'Two');
    return `${first.text} ${second.text}`;
  }
}

let url: string;

beforeAll(async () => {
  ({ url } = await startNestServer([CalledAgent, CallsAgent], {}));
});

const send = async (message: unknown): Promise<unknown> =>
  (await call('POST', `${url}/agents/test/calls/tasks`, { body: { message, wait: true } })).body;

it('neither what they ask and are answered, nor what is said meanwhile, is in their history', async () => {
  const taskId = textAt(await send('Hello'), 'id');
  await send({ taskId, parts: [{ text: 'yes' }] });
  expect(saidBy(await send({ taskId, parts: [{ text: 'no' }] }))).toBe('yes no');
  const [one, two] = ['Hello', 'Hello, One?, yes, yes'];
  expect(seen).toEqual([one, one, two, two].map((told) => ({ history: told, window: told })));
});
