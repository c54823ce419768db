/** `Agents`, `Tasks` and `Sessions` in a Nest application: what its own controllers and jobs call agents with. */
import 'reflect-metadata';
import { Controller, Get, Inject, Injectable, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  A2AAgent,
  A2AAgentBaseService,
  AgentCallFailedError,
  Agents,
  ContinuoModule,
  FunctionAgentBaseService,
  Sessions,
  TaskFailedError,
  Tasks,
  type TaskContext,
  type TaskEvent,
} from '../../src/index.js';
import { createTestDatabase } from '../support/database.js';
import { call, callRpc } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';

@A2AAgent({ type: 'test', name: 'total', description: 'Adds up.' })
class TotalAgent extends FunctionAgentBaseService<readonly number[], { readonly total: number }> {
  protected override readonly input = z.array(z.number());
  protected override readonly output = z.object({ total: z.number() });

  protected override run(input: readonly number[]): { readonly total: number } {
    return { total: input.reduce((sum, number) => sum + number, 0) };
  }
}

@A2AAgent({ type: 'test', name: 'order', description: 'Says what it was told, and how often.' })
class OrderAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext) {
    const before = (await task.history()).length;
    return [{ text: `${task.text}, after ${before}` }, { data: { order: task.text, before } }];
  }
}

@A2AAgent({ type: 'test', name: 'asking', description: 'Asks, and fails for a no.' })
class AskingAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    await task.progress(0.5, 'Thinking');
    const answer = await task.requestInput('Really?');
    if (answer.text === 'no') throw new TaskFailedError('It was not wanted.');
    return `It was ${answer.text}`;
  }
}

@Injectable()
class Shop {
  constructor(
    @Inject(Agents) readonly agents: Agents,
    @Inject(Tasks) readonly tasks: Tasks,
    @Inject(Sessions) readonly sessions: Sessions,
  ) {}
}

@Controller('shop')
class ShopController {
  constructor(@Inject(Shop) private readonly shop: Shop) {}

  @Get('tasks/:id')
  read(@Param('id') id: string): Promise<unknown> {
    return this.shop.tasks.get(id);
  }
}

let url: string;
let agents: Agents;
let tasks: Tasks;
let sessions: Sessions;

beforeAll(async () => {
  const env = { DATABASE_URL: (await createTestDatabase()).url, CONTINUO_LOG_LEVEL: 'silent' };

  @Module({
    imports: [ContinuoModule.forRoot({ agents: [TotalAgent, OrderAgent, AskingAgent], env })],
    controllers: [ShopController],
    providers: [Shop],
  })
  class Application {}

  const app = await NestFactory.create<NestExpressApplication>(Application, { logger: false });
  afterThisTest(() => app.close());
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  ({ agents, tasks, sessions } = app.get(Shop));
});

async function all(events: AsyncIterable<TaskEvent>): Promise<readonly TaskEvent[]> {
  const seen: TaskEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

function states(events: readonly TaskEvent[]): readonly string[] {
  return events.flatMap((event) => ('statusUpdate' in event ? [event.statusUpdate.status.state] : []));
}

describe('Agents', () => {
  it('answers with the data of a function agent, typed by its class', async () => {
    const { data, state } = await agents.call(TotalAgent, { data: [1, 2, 3] });
    expectTypeOf(data).toEqualTypeOf<{ readonly total: number }>();
    expect([data, state]).toEqual([{ total: 6 }, 'COMPLETED']);
  });

  it('answers with the text and the data that an agent returned, in its session', async () => {
    const { id: sessionId } = await sessions.create({ title: 'Orders' });
    const first = await agents.call(OrderAgent, { text: 'tea', sessionId });
    const second = await agents.call(OrderAgent, { text: 'milk', sessionId });
    expect([first.text, second.text]).toEqual(['tea, after 0', 'milk, after 2']);
    expect(second).toMatchObject({ data: { order: 'milk', before: 2 }, sessionId });
    expect(await sessions.get(sessionId)).toMatchObject({ title: 'Orders', messageCount: 4 });
  });

  it('takes an agent by its name, and shows its tasks to the user of the local mode', async () => {
    const { taskId, text } = await agents.call('test/order', 'bread');
    expect(text).toBe('bread, after 0');
    expect((await call('GET', `${url}/tasks/${taskId}`)).body).toMatchObject({ id: taskId });
  });

  it('hands a question back, answers it, and says why a task has failed', async () => {
    const asked = await agents.call(AskingAgent, 'go');
    expect([asked.state, asked.text]).toEqual(['INPUT_REQUIRED', 'Really?']);
    const done = await agents.answer(asked.taskId, 'yes');
    expect([done.state, done.text]).toEqual(['COMPLETED', 'It was yes']);
    const again = await agents.call(AskingAgent, 'go');
    const failed = agents.answer(again.taskId, 'no');
    await expect(failed).rejects.toThrow('It was not wanted.');
    await expect(failed).rejects.toBeInstanceOf(AgentCallFailedError);
    await expect(agents.answer(done.taskId, 'more')).rejects.toMatchObject({ code: 'UNSUPPORTED_OPERATION' });
  });

  it('streams what happens until the task asks or has ended', async () => {
    const seen = await all(agents.stream(AskingAgent, 'go'));
    expect(seen[0]).toHaveProperty('task');
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1));
    expect(states(seen).at(-1)).toBe('TASK_STATE_INPUT_REQUIRED');
    const done = await all(agents.stream('test/order', 'jam'));
    expect(states(done).at(-1)).toBe('TASK_STATE_COMPLETED');
  });

  it('does once what is asked for under one key', async () => {
    const input = { text: 'eggs', idempotencyKey: 'eggs-1' };
    const one = await agents.call(OrderAgent, input);
    expect((await agents.call(OrderAgent, input)).taskId).toBe(one.taskId);
  });

  it('stops waiting when it is told to, and the task goes on', async () => {
    const stopped = AbortSignal.abort(new Error('Closed.'));
    await expect(agents.call(OrderAgent, { text: 'x', signal: stopped })).rejects.toThrow('Closed.');
  });

  it('refuses what the API refuses', async () => {
    await expect(agents.call('test/nobody', 'x')).rejects.toMatchObject({ code: 'AGENT_NOT_FOUND' });
    await expect(agents.call(OrderAgent, ' ')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const elsewhere = agents.call(OrderAgent, { text: 'x', sessionId: 'nowhere' });
    await expect(elsewhere).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
    class Undecorated extends OrderAgent {}
    await expect(agents.call(Undecorated, 'x')).rejects.toMatchObject({ code: 'AGENT_INVALID' });
  });
});

/** As from a program without types. */
const untyped = <Options>(options: object): Options => options as Options;

it.each<[string, string, (id: string) => unknown]>([
  ['agents.call', 'sesionId', (id) => agents.call(OrderAgent, untyped({ text: 'x', sesionId: id }))],
  ['agents.stream', 'txt', () => all(agents.stream(OrderAgent, untyped({ txt: 'x' })))],
  ['agents.answer', 'sessionId', (id) => agents.answer(id, untyped({ text: 'x', sessionId: id }))],
  ['agents.call', 'idempotencyKey', () => agents.call(OrderAgent, { text: 'x', idempotencyKey: 'ü' })],
  ['agents.call', 'input', () => agents.call(OrderAgent, untyped(null as unknown as object))],
  ['agents.as', 'user', () => agents.as(untyped({ owner: 'ada', user: 'eve' }))],
  ['agents.as', 'owner', () => agents.as({ owner: '' })],
  ['tasks.get', 'history', (id) => tasks.get(id, untyped({ history: 0 }))],
  ['tasks.get', 'historyLength', (id) => tasks.get(id, { historyLength: -1 })],
  ['tasks.list', 'status', () => tasks.list(untyped({ status: 'WORKING' }))],
  ['tasks.cancel', 'reason', (id) => tasks.cancel(id, untyped({ reason: 'x' }))],
  ['tasks.retry', 'form', (id) => tasks.retry(id, untyped({ form: 'start' }))],
  ['tasks.retry', 'from', (id) => tasks.retry(id, untyped({ from: 'begin' }))],
  ['tasks.watch', 'since', (id) => all(tasks.watch(id, untyped({ since: 1 })))],
  ['tasks.watch', 'after', (id) => all(tasks.watch(id, { after: -1 }))],
  ['sessions.create', 'titel', () => sessions.create(untyped({ titel: 'x' }))],
  ['sessions.list', 'shared', () => sessions.list(untyped({ shared: true }))],
  ['sessions.update', 'titel', (id) => sessions.update(id, untyped({ title: 'x', titel: 'y' }))],
  ['sessions.messages', 'owner', (id) => sessions.messages(id, untyped({ owner: 'ada' }))],
  ['sessions.fork', 'messageID', (id) => sessions.fork(id, untyped({ messageID: 'm' }))],
])('%s refuses %s, which there is no option for or which is wrong, and does nothing', async (_method, field, act) => {
  const { taskId, sessionId } = await agents.call(AskingAgent, 'go');
  const before = (await tasks.list()).totalSize;
  const what = field === 'titel' || field === 'owner' || field === 'messageID' ? sessionId : taskId;
  await expect((async () => act(what))()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field });
  expect((await tasks.list()).totalSize).toBe(before);
  expect(await sessions.get(sessionId)).toMatchObject({ title: 'go' });
  expect(await tasks.get(taskId)).toMatchObject({ status: { state: 'TASK_STATE_INPUT_REQUIRED' } });
});

describe('Tasks', () => {
  it('reads, lists, cancels, retries and watches', async () => {
    const { taskId: id, sessionId } = await agents.call(AskingAgent, 'go');
    expect(await tasks.get(id)).toMatchObject({ id, status: { state: 'TASK_STATE_INPUT_REQUIRED' } });
    const listed = await tasks.list({ agent: AskingAgent, state: 'INPUT_REQUIRED', sessionId, pageSize: 10 });
    expect(listed).toMatchObject({ totalSize: 1, tasks: [{ id }] });
    expect((await tasks.cancel(id)).status.state).toBe('TASK_STATE_CANCELED');
    expect(states(await all(tasks.watch(id))).at(-1)).toBe('TASK_STATE_CANCELED');
    expect(await tasks.retry(id, { from: 'start' })).toMatchObject({ id });
    const watched: string[] = [];
    for await (const event of tasks.watch(id, { after: 1 })) {
      watched.push(...states([event]));
      if (watched.at(-1) === 'TASK_STATE_INPUT_REQUIRED') break;
    }
    expect(watched).toContain('TASK_STATE_WORKING');
    await expect(tasks.list({ pageSize: 1000 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('shows nobody what is somebody else’s', async () => {
    const ada = { owner: 'ada' };
    const { taskId: id, sessionId } = await agents.as(ada).call(OrderAgent, 'cake');
    expect(await tasks.as(ada).get(id)).toMatchObject({ id });
    await expect(tasks.get(id)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    await expect(all(tasks.watch(id))).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    await expect(tasks.as({ ...ada, tenant: 'other' }).get(id)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    await expect(sessions.get(sessionId)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
    await expect(sessions.as(ada).get(sessionId)).resolves.toMatchObject({ id: sessionId });
  });

  it('refuses in the form of the API what a controller of the application lets through', async () => {
    const refused = await call('GET', `${url}/shop/tasks/nothing`);
    expect(refused).toMatchObject({ status: 404, body: { error: { code: 404, status: 'NOT_FOUND' } } });
  });
});

describe('Sessions', () => {
  it('makes, lists, changes, forks and deletes, and tells what was said and kept', async () => {
    const { id } = await sessions.create({ title: 'Groceries', metadata: { shop: 7 } });
    expect(await sessions.update(id, { title: 'Vegetables' })).toMatchObject({ id, metadata: { shop: 7 } });
    await agents.call(OrderAgent, { text: 'leek', sessionId: id });
    expect(await sessions.list({ q: 'vegetables' })).toMatchObject({ sessions: [{ id }] });
    const { messages } = await sessions.messages(id, { order: 'desc', pageSize: 1 });
    expect(messages).toMatchObject([{ message: { role: 'ROLE_AGENT' } }]);
    await sessions.changeState(id, { budget: 12 });
    expect(await sessions.state(id)).toEqual({ budget: 12 });
    const fork = await sessions.fork(id, { title: 'Fruit' });
    expect(fork).toMatchObject({ title: 'Fruit', messageCount: 2 });
    const { taskId } = await agents.call(AskingAgent, { text: 'go', sessionId: id });
    await sessions.delete(id);
    await expect(sessions.get(id)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
    await expect(tasks.get(taskId)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    expect(await sessions.get(fork.id)).toMatchObject({ title: 'Fruit' });
  });

  it('are those of the HTTP API', async () => {
    const { id } = await sessions.create({});
    const message = { messageId: 'm', contextId: id, role: 'ROLE_USER', parts: [{ text: 'nuts' }] };
    await callRpc(`${url}/agents/test/order`, 'SendMessage', { message });
    expect(await sessions.get(id)).toMatchObject({ messageCount: 2 });
    expect(await sessions.create({ idempotencyKey: 'k' })).toEqual(await sessions.create({ idempotencyKey: 'k' }));
    await expect(sessions.create({ title: '' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
