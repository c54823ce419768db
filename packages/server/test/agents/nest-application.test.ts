/** Continuo as a module of somebody's own Nest application, which stays as it was otherwise. */
import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import { Body, Controller, Get, Inject, Injectable, Module, Post } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, ContinuoModule, SessionsService, type TaskContext } from '../../src/index.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { rawCall } from '../support/raw-calls.js';
import { saidBy } from '../support/answers.js';

const SESSIONS = 'urn:continuo:a2a:sessions:v1';

@Injectable()
class Orders {
  find(id: string): string {
    return `order ${id}`;
  }
}

@A2AAgent({ type: 'shop', name: 'orders', description: 'Finds orders.' })
class OrdersAgent extends A2AAgentBaseService {
  constructor(@Inject(Orders) private readonly orders: Orders) {
    super();
  }

  override async execute(task: TaskContext): Promise<string> {
    const order = await task.step('find the order', () => this.orders.find(task.text));
    const before = (await task.history()).length;
    return `${order}, after ${before} messages`;
  }
}

@Controller('shop')
class ShopController {
  constructor(@Inject(SessionsService) private readonly sessions: SessionsService) {}

  @Get()
  open(): unknown {
    return { open: true, sessions: this.sessions instanceof SessionsService };
  }

  @Post()
  buy(@Body() body: unknown): unknown {
    return { bought: body };
  }

  @Get('broken')
  fail(): never {
    throw new Error('The till is stuck.');
  }
}

let app: INestApplication;
let url: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  const env = { DATABASE_URL: databaseUrl, CONTINUO_LOG_LEVEL: 'silent' };
  const continuo = ContinuoModule.forRoot({ agents: [OrdersAgent], providers: [Orders], env });

  @Module({ imports: [continuo], controllers: [ShopController] })
  class ShopModule {}

  app = await NestFactory.create(ShopModule, { logger: false });
  app.use(({ headers }: IncomingMessage, _response: unknown, next: (error?: unknown) => void) => {
    const status = Number(headers['x-refused-with'] ?? 0);
    next(status === 0 ? undefined : Object.assign(new Error('Not from there.'), { status }));
  });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});

afterAll(() => app.close());

it('serves its agents, whose dependencies are injected, over every binding', async () => {
  const agent = `${url}/agents/shop/orders`;
  const message = (messageId: string) => ({ messageId, contextId: 'talk', role: 'ROLE_USER', parts: [{ text: '7' }] });
  const rpc = await callRpc(agent, 'SendMessage', { message: message('1') });
  expect(at(rpc.body, 'result', 'task')).toMatchObject({
    status: { state: 'TASK_STATE_COMPLETED' },
    artifacts: [{ parts: [{ text: 'order 7, after 0 messages' }] }],
  });
  const rest = await call('POST', `${agent}/message:send`, { body: { message: message('2') } });
  expect(saidBy(at(rest.body, 'task'))).toBe('order 7, after 2 messages');
  const plain = await call('POST', `${agent}/tasks`, { body: { message: message('3'), wait: true } });
  expect(saidBy(plain.body)).toBe('order 7, after 4 messages');
  expect((await call('GET', `${url}/agents`)).body).toMatchObject({ agents: [{ type: 'shop', name: 'orders' }] });
  expect((await call('GET', `${url}/tasks`)).body).toMatchObject({ totalSize: 3 });
  expect((await call('GET', `${url}/sessions/talk`)).body).toMatchObject({ messageCount: 6 });
});

it('runs a call stateless that opts out of its session, and says so', async () => {
  const body = { message: '7', metadata: { [SESSIONS]: { stateless: true } }, wait: true };
  const { body: task } = await call('POST', `${url}/agents/shop/orders/tasks`, { body });
  expect(at(task, 'metadata', SESSIONS)).toEqual({ stateless: true, reason: 'the call opted out' });
  expect(saidBy(task)).toBe('order 7, after 0 messages');
  const session = await call('GET', `${url}/sessions/${textAt(task, 'contextId')}`);
  expect(session.status).toBe(404);
});

it('leaves the routes, the bodies and the errors of the application as they were', async () => {
  expect((await call('GET', `${url}/shop`)).body).toEqual({ open: true, sessions: true });
  expect((await call('POST', `${url}/shop`, { body: { n: 1 } })).body).toEqual({ bought: { n: 1 } });
  expect((await call('GET', `${url}/shop/broken`)).body).toEqual({ statusCode: 500, message: 'Internal server error' });
  expect(await call('GET', `${url}/nowhere`)).toMatchObject({ status: 404, body: { statusCode: 404 } });
});

it.each([403, 409, 422, 503])('keeps the status %i of a middleware that refuses, in its own form', async (status) => {
  const headers = { 'x-refused-with': String(status) };
  const api = await call('GET', `${url}/tasks`, { headers });
  expect([api.status, at(api.body, 'error', 'code'), at(api.body, 'error', 'message')]).toEqual([
    status,
    status,
    'Not from there.',
  ]);
  const rpc = await callRpc(`${url}/agents/shop/orders`, 'GetTask', { id: 'x' }, headers);
  expect([rpc.status, at(rpc.body, 'jsonrpc')]).toEqual([status, '2.0']);
});

it('shuts its own paths, and no others, to foreign hosts and pages while nobody has to say who he is', async () => {
  const from = (path: string, headers: Record<string, string>) =>
    rawCall('GET', url + path, { headers: { host: new URL(url).host, ...headers } });
  for (const path of ['/tasks', '/Sessions/x', '/agents', '/agents/shop/orders', '/openapi.json', '/sign-in-options']) {
    expect((await from(path, { host: 'shop.example.com' })).text).toContain('HOST_NOT_ALLOWED');
    expect((await from(path, { origin: 'https://evil.example' })).text).toContain('ORIGIN_NOT_ALLOWED');
  }
  for (const path of ['/shop', '/healthz', '/readyz']) {
    expect((await from(path, { host: 'shop.example.com', origin: 'https://evil.example' })).status).toBe(200);
  }
});

it('answers its own errors in its own form', async () => {
  const wrong = await call('POST', `${url}/agents/shop/orders/tasks`, { body: {} });
  expect(at(wrong.body, 'error', 'details', 0)).toMatchObject({
    reason: 'INVALID_ARGUMENT',
    metadata: { field: 'message' },
  });
  const malformed = await call('POST', `${url}/agents/shop/orders`, { body: '{"jsonrpc":' });
  expect(malformed.status).toBe(400);
  expect((await call('GET', `${url}/tasks/nothing`)).status).toBe(404);
});
