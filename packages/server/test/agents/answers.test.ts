/** Where an answer is: in one artifact and in one message of the session, whatever its agent published and returned. */
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerOfTask } from '@continuo/agent/internal/agents/task-answer.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import {
  A2AAgent,
  A2AAgentBaseService,
  FunctionAgentBaseService,
  remark,
  type AgentAnswer,
  type TaskContext,
} from '../../src/index.js';
import { startServer } from '../../src/server.js';
import { connectOld, send, textOf } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { call, callRpc } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';
import { allFramesOf } from '../support/event-stream.js';

/** What an agent does, by the text that it is sent. */
const ways: Readonly<Record<string, (task: TaskContext) => Promise<AgentAnswer>>> = {
  text: async () => 'hello',
  lines: async () => [{ text: 'one' }, { text: 'two' }],
  data: async () => [{ data: { n: 1 } }],
  file: async () => [{ url: 'https://files.example/a.png', filename: 'a.png', mediaType: 'image/png' }],
  'the same': async (task) => {
    await task.artifact({ name: 'greeting', parts: 'hello' });
    return 'hello';
  },
  'the same in chunks': async (task) => {
    const stream = task.stream({ name: 'greeting' });
    for (const chunk of ['hel', 'l', 'o']) await stream.write(chunk);
    await stream.end();
    return 'hello';
  },
  'the same in a step': async (task) => {
    await task.step('write', () => task.artifact({ name: 'greeting', parts: 'hello' }));
    await task.requestInput('Go on?');
    return 'hello';
  },
  'one of two': async (task) => {
    await task.artifact({ name: 'notes', parts: 'notes' });
    await task.artifact({ name: 'greeting', parts: 'hello' });
    return 'hello';
  },
  'replaced by the same': async (task) => {
    for (const parts of ['draft', 'hello']) await task.artifact({ artifactId: 'greeting', parts });
    return 'hello';
  },
  'something else': async (task) => {
    await task.artifact({ name: 'table', parts: [{ data: [1] }] });
    return 'hello';
  },
  'a remark': async (task) => {
    await task.artifact({ name: 'table', parts: [{ data: [1] }] });
    return remark('The table is ready.');
  },
  'nothing, but data': async (task) => {
    await task.artifact({ name: 'table', parts: [{ data: [1] }] });
  },
  nothing: async () => undefined,
};

@A2AAgent({ type: 'test', name: 'answers', description: 'Answers in the way that it is told.' })
class Answers extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    return ways[task.text]?.(task);
  }
}

@A2AAgent({ type: 'test', name: 'doubles', description: 'Doubles a number.' })
class Doubles extends FunctionAgentBaseService<number, unknown> {
  protected override readonly input = z.number();
  protected override readonly output = z.unknown();

  protected override run(n: number): unknown {
    return { doubled: n * 2 };
  }
}

@A2AAgent({ type: 'test', name: 'asks-another', description: 'Says what test/answers has answered.' })
class AsksAnother extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const { text, data = null, files, artifacts } = await task.call('test/answers', task.text);
    return [{ data: { text, data, files: files.length, artifacts: artifacts.map(({ name }) => name) } }];
  }
}

let url = '';

beforeAll(async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const env = { DATABASE_URL, PORT: '0', CONTINUO_LOG_LEVEL: 'silent' };
  const server = await startServer({ agents: [Answers, Doubles, AsksAnother], env });
  url = server.url;
  afterThisTest(() => server.stop());
});

async function ask(agent: string, message: unknown): Promise<Task> {
  return (await call('POST', `${url}/agents/test/${agent}/tasks`, { body: { message, wait: true } })).body as Task;
}

const contents = (parts: readonly object[]): readonly unknown[] =>
  parts.map((part) => ('text' in part ? part.text : 'data' in part ? part.data : 'file'));

/** `name: content` of each artifact, what is said with the last state, and what the session has of the agent. */
async function shown(task: Task) {
  const { body } = await call('GET', `${url}/sessions/${task.contextId}/messages`);
  const { messages } = body as { readonly messages: readonly { readonly message: Message }[] };
  return {
    state: task.status.state,
    artifacts: (task.artifacts ?? []).map(({ name, parts }) => [name, ...contents(parts)]),
    said: contents(task.status.message?.parts ?? []),
    session: messages
      .filter(({ message }) => message.role === 'ROLE_AGENT')
      .map(({ message }) => contents(message.parts)),
  };
}

const done = { state: 'TASK_STATE_COMPLETED', said: [] };

describe('an answer', () => {
  it.each([
    ['text', [['answer', 'hello']], ['hello'], []],
    ['lines', [['answer', 'one\ntwo']], ['one', 'two'], []],
    ['data', [['answer', { n: 1 }]], [{ n: 1 }], []],
    ['file', [['answer', 'file']], ['file'], []],
    ['the same', [['greeting', 'hello']], ['hello'], []],
    ['the same in chunks', [['greeting', 'hello']], ['hello'], []],
    [
      'one of two',
      [
        ['notes', 'notes'],
        ['greeting', 'hello'],
      ],
      ['hello'],
      [],
    ],
    ['replaced by the same', [[undefined, 'hello']], ['hello'], []],
    [
      'something else',
      [
        ['table', [1]],
        ['answer', 'hello'],
      ],
      ['hello'],
      [],
    ],
    ['a remark', [['table', [1]]], ['The table is ready.'], ['The table is ready.']],
    ['nothing, but data', [['table', [1]]], [[1]], []],
    ['nothing', [], ['Done.'], ['Done.']],
  ])('%s is an artifact once, and a message of the session once', async (way, artifacts, session, said) => {
    expect(await shown(await ask('answers', way))).toEqual({ ...done, artifacts, said, session: [session] });
  });

  it('that a step published before a restart of the run is not doubled', async () => {
    const asking = await ask('answers', 'the same in a step');
    const task = await ask('answers', { taskId: asking.id, parts: [{ text: 'yes' }] });
    const session = [['Go on?'], ['hello']];
    expect(await shown(task)).toEqual({ ...done, artifacts: [['greeting', 'hello']], session });
  });

  it('of a function is its result', async () => {
    const task = await ask('doubles', { parts: [{ data: 4 }] });
    const artifacts = [['result', { doubled: 8 }]];
    expect(await shown(task)).toEqual({ ...done, artifacts, session: [[{ doubled: 8 }]] });
  });

  it('is what a parent is given, with what its child published itself', async () => {
    const given = async (way: string) => (await ask('asks-another', way)).artifacts?.[0]?.parts[0]?.data;
    expect(await given('text')).toEqual({ text: 'hello', data: null, files: 0, artifacts: [] });
    expect(await given('lines')).toMatchObject({ text: 'one\ntwo' });
    expect(await given('file')).toMatchObject({ text: '', files: 1 });
    expect(await given('the same')).toEqual({ text: 'hello', data: null, files: 0, artifacts: ['greeting'] });
    expect(await given('something else')).toEqual({ text: 'hello', data: [1], files: 0, artifacts: ['table'] });
    expect(await given('a remark')).toMatchObject({ text: 'The table is ready.', data: [1], artifacts: ['table'] });
  });

  it('comes in one artifact over every binding and version, and in its stream', async () => {
    const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'text' }] };
    const params = (messageId: string) => ({ message: { ...message, messageId } });
    const rpc = await callRpc(`${url}/agents/test/answers`, 'SendMessage', params('1'));
    const rest = await call('POST', `${url}/agents/test/answers/message:send`, {
      body: params('2'),
      headers: { 'a2a-version': '1.0' },
    });
    const wanted = { status: { state: 'TASK_STATE_COMPLETED' }, artifacts: [{ parts: [{ text: 'hello' }] }] };
    for (const task of [(rpc.body as { result: { task: Task } }).result.task, (rest.body as { task: Task }).task]) {
      expect(task).toMatchObject(wanted);
      expect(task.status).not.toHaveProperty('message');
      expect(task.history).toHaveLength(1);
    }
    const old = await send(await connectOld(url, 'test/answers', 'JSONRPC'), 'text');
    expect([old.artifacts.map(({ parts }) => textOf(parts)), old.status?.message]).toEqual([['hello'], undefined]);
    const frames = await allFramesOf(
      await fetch(`${url}/agents/test/answers/message:stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
        body: JSON.stringify(params('3')),
      }),
    );
    expect(JSON.stringify(frames).split('hello')).toHaveLength(2);
  });

  it('of a task that ended under an earlier version is read where it was, once', () => {
    const status = { state: 'TASK_STATE_COMPLETED', timestamp: '' } as const;
    const message = { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'hello' }] } as const;
    const artifacts = [{ artifactId: 'a', name: 'answer', parts: [{ text: 'hello' }] }];
    const old = { id: 't', contextId: 'c', status: { ...status, message }, artifacts };
    expect(answerOfTask('t', old)).toEqual({ parts: [{ text: 'hello' }], artifacts });
  });
});
