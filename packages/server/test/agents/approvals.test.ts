/** People are asked before a tool runs, where the tool says so: each call, what it would do, and what they answer. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import { tool } from '@continuo/agent/internal/agents/tools/tool.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { declaredAgents } from '../../src/agents/declared/declared-agents.js';
import { loadConfig } from '../../src/platform/config.js';
import { at, call, textAt } from '../support/http-calls.js';
import { answerOf, startModelServer, type ModelServer } from '../support/model-server.js';
import type { Reply } from '../support/model-reply.js';
import { makeTestDirectory } from '../support/test-directory.js';

/** The runs of tools, in order. */
const ran: string[] = [];

class Cashier extends ContextAgentBaseService {
  protected readonly context = 'You pay.';
  protected override readonly tools = {
    look_up: tool({ description: 'Looks up.', input: z.object({}), run: () => ran.push('look_up') && 'found' }),
    remove: tool({
      description: 'Removes a file.',
      input: z.object({ path: z.string() }),
      approve: 'always',
      run: ({ path }) => ran.push(`remove ${path}`) && 'removed',
    }),
    pay: tool({
      description: 'Pays.',
      input: z.object({ amount: z.number() }),
      approve: ({ amount }) => {
        if (amount === 13) throw new Error('No.');
        return amount > 100;
      },
      run: ({ amount }) => ran.push(`pay ${amount}`) && 'paid',
    }),
    hand_on: tool({
      description: 'Asks another agent.',
      input: z.object({ text: z.string() }),
      approve: 'always',
      inStep: false,
      run: async ({ text }, { task }) => (await task.call('function/echo', text, { sameSession: false })).text,
    }),
  };
}
A2AAgent({ type: 'test', name: 'cashier', description: 'Pays.' })(Cashier);

class Colleague extends Cashier {}
A2AAgent({ type: 'test', name: 'colleague', description: 'Pays, too.' })(Colleague);

@A2AAgent({ type: 'test', name: 'adder', description: 'Adds.' })
class Adder extends ContextAgentBaseService {
  protected readonly context = 'You add.';
  protected override readonly mcp = ['sums'];
}

@A2AAgent({ type: 'test', name: 'careful', description: 'Adds when it may.' })
class Careful extends ContextAgentBaseService {
  protected readonly context = 'You add.';
  protected override readonly mcp = ['sums', { name: 'sums', approve: 'always' } as const];
}

const script = new URL('../support/mcp-server.mjs', import.meta.url).pathname;
const declared = `---
description: Adds when it may.
tools: [all]
approve: [a*]
---
You add.
`;

let server: ModelServer;

beforeAll(async () => {
  const directory = await makeTestDirectory('agents');
  await writeFile(join(directory, 'declared.md'), declared);
  const sums = { command: process.execPath, args: [script], approve: ['env*ment', 'subtract'] };
  const env = { CONTINUO_MCP_SERVERS: JSON.stringify({ sums }) };
  const { agents } = declaredAgents(directory, loadConfig(env));
  server = await startModelServer([Cashier, Colleague, EchoAgent, Adder, Careful, ...agents], env);
});

beforeEach(() => {
  ran.length = 0;
});

const done: Reply = { kind: 'answer', words: ['Done.'] };

function wants(...wanted: readonly (readonly [name: string, input: unknown])[]): void {
  server.openAi.next({ kind: 'calls', calls: wanted.map(([name, input]) => ({ name, input })) }, done);
}

/** Whether the user is asked when the agent wants to remove something; the task is left as it is. */
async function isAsked(agent: string, contextId?: string): Promise<boolean> {
  server.openAi.next({ kind: 'calls', calls: [{ name: 'remove', input: { path: 'more' } }] });
  return (await server.ask(agent, 'More.', contextId)).status.state === 'TASK_STATE_INPUT_REQUIRED';
}

function answer({ id: taskId }: Task, content: string | Readonly<Record<string, unknown>>): Promise<Task> {
  const part: Part = typeof content === 'string' ? { text: content } : { data: content };
  return server.ask('test/cashier', { taskId, parts: [part] });
}

/** What the model was told of its calls, in order. */
function results(): readonly unknown[] {
  return server
    .lastPrompt()
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => content);
}

it('asks with the tool and its arguments, and runs it once it is approved', async () => {
  wants(['remove', { path: '/srv/a\nb\u202Ec' }]);
  const asked = await server.ask('test/cashier', 'Remove it.');
  expect(asked.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  expect(ran).toEqual([]);
  expect(answerOf(asked)).toContain('test/cashier wants to use the tool remove.');
  expect(answerOf(asked)).toContain(String.raw`"path": "/srv/a\nb\u202ec"`);
  const schema = at(asked, 'status', 'message', 'metadata', 'urn:continuo:a2a:input:v1', 'schema', 'anyOf', 0);
  expect(schema).toMatchObject({
    properties: { decision: { enum: ['approve', 'deny', 'always'] }, reason: { type: 'string' } },
    required: ['decision'],
  });
  expect(answerOf(await answer(asked, { decision: 'approve' }))).toBe('Done.');
  expect(ran).toEqual(['remove /srv/a\nb\u202Ec']);
  expect(results()).toEqual(['removed']);
});

it('tells the model why it may not', async () => {
  wants(['remove', { path: 'a' }]);
  const asked = await server.ask('test/cashier', 'Remove it.');
  expect(answerOf(await answer(asked, 'No, it is still needed.'))).toBe('Done.');
  expect(ran).toEqual([]);
  expect(results()).toEqual(['The user did not allow this call, and it was not run. The reason: it is still needed.']);
});

it('refuses what fits neither form, and asks again after words that are no clear answer', async () => {
  wants(['remove', { path: 'a' }]);
  const { id: taskId } = await server.ask('test/cashier', 'Remove it.');
  const url = `${server.url}/agents/test/cashier/tasks`;
  const wrong = { message: { taskId, parts: [{ data: { decision: 'perhaps' } }] } };
  expect(await call('POST', url, { body: wrong })).toMatchObject({ status: 400 });
  const again = await server.ask('test/cashier', { taskId, parts: [{ text: 'Yes, but only the first.' }] });
  expect(again.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  expect(answerOf(again)).toContain('expected yes, no (with a reason, if you like) or always');
  expect(ran).toEqual([]);
  expect(answerOf(await answer(again, 'Yes.'))).toBe('Done.');
  expect(ran).toEqual(['remove a']);
});

it('asks about each call of an answer before any of it runs', async () => {
  wants(['remove', { path: 'a' }], ['look_up', {}], ['remove', { path: 'b' }], ['hand_on', { text: 'Hi' }]);
  const first = await server.ask('test/cashier', 'Go.');
  expect(answerOf(first)).toContain('"a"');
  const second = await answer(first, 'yes');
  expect(answerOf(second)).toContain('"b"');
  const third = await answer(second, 'no');
  expect(answerOf(third)).toContain('hand_on');
  expect(ran).toEqual([]);
  expect(answerOf(await answer(third, 'ok'))).toBe('Done.');
  expect(ran.toSorted()).toEqual(['look_up', 'remove a']);
  expect(results()).toEqual(['removed', 'found', 'The user did not allow this call, and it was not run.', 'Hi']);
});

it('asks where a function says so, and where it fails', async () => {
  wants(['pay', { amount: 100 }]);
  expect(answerOf(await server.ask('test/cashier', 'Pay.'))).toBe('Done.');
  for (const amount of [101, 13]) {
    wants(['pay', { amount }]);
    const asked = await server.ask('test/cashier', 'Pay.');
    expect(asked.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    expect(answerOf(await answer(asked, 'yes'))).toBe('Done.');
  }
  expect(ran).toEqual(['pay 100', 'pay 101', 'pay 13']);
});

it('asks nobody about a call that can’t run', async () => {
  wants(['remove', { file: 'a' }], ['remove', '["a"]']);
  expect(answerOf(await server.ask('test/cashier', 'Remove it.'))).toBe('Done.');
  expect(results()).toEqual([
    expect.stringContaining("The input doesn't fit"),
    expect.stringContaining('expected a JSON object, got an array'),
  ]);
});

it('remembers "always" for this tool of this agent in this session, until that is taken back', async () => {
  wants(['remove', { path: 'a' }], ['remove', { path: 'b' }], ['pay', { amount: 200 }]);
  const first = await server.ask('test/cashier', 'Go.');
  const { contextId } = first;
  const second = await answer(first, { decision: 'always' });
  expect(answerOf(second)).toContain('wants to use the tool pay');
  await answer(second, 'yes');
  expect(ran.toSorted()).toEqual(['pay 200', 'remove a', 'remove b']);

  server.openAi.otherwise(() => done);
  expect(await isAsked('test/cashier', contextId)).toBe(false);
  expect(await isAsked('test/colleague', contextId)).toBe(true);
  expect(await isAsked('test/cashier')).toBe(true);

  const state = `${server.url}/sessions/${contextId}/state`;
  const name = 'approved:test/cashier:remove';
  expect((await call('GET', state)).body).toEqual({ [name]: { taskId: first.id } });
  const { body: fork } = await call('POST', `${server.url}/sessions/${contextId}:fork`, { body: {} });
  expect(await isAsked('test/cashier', textAt(fork, 'id'))).toBe(true);

  await call('PATCH', state, { body: { [name]: null } });
  expect(await isAsked('test/cashier', contextId)).toBe(true);
});

it('remembers "always" for the rest of a task without a session', async () => {
  server.openAi.next(
    { kind: 'calls', calls: [{ name: 'remove', input: { path: 'a' } }] },
    { kind: 'calls', calls: [{ name: 'remove', input: { path: 'b' } }] },
    done,
  );
  const { body } = await call('POST', `${server.url}/agents/test/cashier/tasks`, {
    body: { message: 'Remove both.', metadata: { 'urn:continuo:a2a:sessions:v1': { stateless: true } }, wait: true },
  });
  expect((body as Task).status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  expect(answerOf(await answer(body as Task, 'Always!'))).toBe('Done.');
  expect(ran).toEqual(['remove a', 'remove b']);
});

it('asks about tools of MCP servers by what the configuration, the agent or its front matter say', async () => {
  const asks = async (agent: string, name: string): Promise<boolean> => {
    server.openAi.next({ kind: 'calls', calls: [{ name: `sums_${name}`, input: { a: 1, b: 2 } }] });
    return (await server.ask(agent, 'Go.')).status.state === 'TASK_STATE_INPUT_REQUIRED';
  };
  server.openAi.otherwise(() => done);
  expect(await asks('test/adder', 'add')).toBe(false);
  expect(await asks('test/adder', 'environment')).toBe(true);
  expect(await asks('test/careful', 'add')).toBe(true);
  expect(await asks('context/declared', 'fail')).toBe(false);
  expect(await asks('context/declared', 'add')).toBe(true);
  expect(await asks('context/declared', 'environment')).toBe(true);

  wants(['sums_environment', {}]);
  const asked = await server.ask('test/adder', 'Go.');
  expect(answerOf(asked)).toContain('wants to use the tool sums_environment.');
  expect(answerOf(await server.ask('test/adder', { taskId: asked.id, parts: [{ text: 'yes' }] }))).toBe('Done.');
  expect(results()).toEqual([expect.stringContaining('"pid"')]);
});
