/** Answers of every kind have the headers that the stand-alone server gives them, in an application on Express and on Fastify too. */
import 'reflect-metadata';
import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { ContinuoModule } from '../../src/index.js';
import { createTestDatabase } from '../support/database.js';
import { call, textAt } from '../support/http-calls.js';
import { newKey } from '../support/keys-command.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

const ECHO = '/agents/function/echo';
const ID = 'a-request-of-mine:1';
const LARGE = JSON.stringify({ title: 'x'.repeat(300_000) });
const rpc = (method: string, params: unknown) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });

/** Whatever is asked for is there for all of them: they share a database. */
let env: Readonly<Record<string, string>>;
let alone: ServerProcess;
let keys: Readonly<Record<'all' | 'reading', string>>;
let lastEvent: string;
let ids: Readonly<Record<'session' | 'task' | 'file', string>>;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  env = { DATABASE_URL: url, CONTINUO_AUTH: 'keys', CONTINUO_BODY_LIMIT_BYTES: '200000', CONTINUO_LOG_LEVEL: 'silent' };
  alone = await startServer({ env });
  const [all, reading] = await Promise.all([
    newKey(url, '--owner', 'ada', '--scopes', 'read,write'),
    newKey(url, '--owner', 'ada', '--scopes', 'read'),
  ]);
  keys = { all, reading };
  const headers = { authorization: `Bearer ${all}` };
  const { body: session } = await call('POST', `${alone.url}/sessions`, { headers, body: {} });
  const file = await call('POST', `${alone.url}/files?sessionId=${textAt(session, 'id')}&name=a.txt`, {
    headers: { ...headers, 'content-type': 'text/plain' },
    body: 'hello',
  });
  const task = await call('POST', `${alone.url}${ECHO}/tasks`, { headers, body: { message: 'Hi', wait: true } });
  const events = await fetch(`${alone.url}/tasks/${textAt(task.body, 'id')}/events`, { headers });
  lastEvent = [...(await events.text()).matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? '';
  ids = { session: textAt(session, 'id'), task: textAt(task.body, 'id'), file: textAt(file.body, 'id') };
});

interface Asked {
  readonly method?: string;
  readonly path: string | (() => string);
  readonly body?: string;
  readonly key?: 'all' | 'reading' | 'wrong';
  readonly headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
}

const post = (path: Asked['path'], body: string, more: Partial<Asked> = {}): Asked => ({
  method: 'POST',
  path,
  body,
  ...more,
});
const card = `${ECHO}/.well-known/agent-card.json`;
const text = { 'content-type': 'text/plain' };

const kinds: readonly (readonly [status: number, kind: string, asked: Asked])[] = [
  [200, 'a list', { path: '/tasks' }],
  [200, 'an agent card', { path: card }],
  [200, 'a probe', { path: '/healthz' }],
  [200, 'an answer over JSON-RPC', post(ECHO, rpc('GetTask', { id: '0190d1f0-7a30-7000-8000-000000000000' }))],
  [200, 'a stream', { path: () => `/tasks/${ids.task}/events` }],
  [200, 'a file', { path: () => `/files/${ids.file}` }],
  [201, 'a new session', post('/sessions', '{}')],
  [
    204,
    'a stream that is over',
    { path: () => `/tasks/${ids.task}/events`, headers: () => ({ 'last-event-id': lastEvent }) },
  ],
  [206, 'a piece of a file', { path: () => `/files/${ids.file}`, headers: { range: 'bytes=1-2' } }],
  [304, 'a card that is known', { path: card, headers: { 'if-none-match': '*', 'cache-control': 'max-age=0' } }],
  [400, 'no JSON', post('/sessions', '{"title":')],
  [400, 'no JSON-RPC', post(ECHO, '{"jsonrpc":')],
  [400, 'no message', post(`${ECHO}/message:send`, '{"message":')],
  [400, 'an unknown field', post('/sessions', '{"titel":"x"}')],
  [401, 'a stranger', { path: '/tasks', key: 'wrong' }],
  [401, 'a stranger over JSON-RPC', post(ECHO, rpc('GetTask', { id: 'x' }), { key: 'wrong' })],
  [401, 'a stranger who sends no JSON', post('/sessions', '{"title":', { key: 'wrong' })],
  [401, 'a stranger who sends no JSON-RPC', post(ECHO, '{"jsonrpc":', { key: 'wrong' })],
  [403, 'a scope that is missing', post('/sessions', '{}', { key: 'reading' })],
  [404, 'a task that is not there', { path: '/tasks/nothing' }],
  [404, 'a task that is not there, over HTTP+JSON', { path: `${ECHO}/tasks/nothing` }],
  [404, 'an agent that is not there', post('/agents/no/body', rpc('GetTask', { id: 'x' }))],
  [404, 'a method that the API has not', { method: 'PUT', path: '/sessions', body: '{}' }],
  [404, 'a method that agents have not', { method: 'PUT', path: ECHO, body: '{}' }],
  [404, 'a path that agents have not', post(`${ECHO}/nothing`, '{}')],
  [413, 'too much', post('/sessions', LARGE)],
  [413, 'too much over JSON-RPC', post(ECHO, LARGE)],
  [415, 'what is no JSON', post('/sessions', 'title', { headers: text })],
];

/** What hosts decide about connections, and what is no other for being elsewhere. */
const OF_THE_HOST = ['connection', 'keep-alive', 'date', 'content-length'];

async function answerTo({ method = 'GET', path, body, key = 'all', headers }: Asked, url: string) {
  const answer = await fetch(url + (typeof path === 'string' ? path : path()), {
    method,
    headers: {
      'content-type': 'application/json',
      'a2a-version': '1.0',
      'x-request-id': ID,
      authorization: `Bearer ${key === 'wrong' ? 'ck_nobody' : keys[key]}`,
      ...(typeof headers === 'function' ? headers() : headers),
    },
    ...(body === undefined ? {} : { body }),
  });
  const length = (await answer.arrayBuffer()).byteLength;
  const all = [...answer.headers].filter(([name]) => !OF_THE_HOST.includes(name));
  // Of what names an address or an id of its own it is another one.
  const said = all.map(([name, value]) => [name, name === 'etag' ? 'one' : value]);
  return { status: answer.status, headers: Object.fromEntries(said) as Record<string, string>, length };
}

const adapters: readonly (readonly [string, (module: object) => Promise<INestApplication>])[] = [
  [
    'Express',
    async (module) => {
      const app = await NestFactory.create<NestExpressApplication>(module as never, { logger: false });
      app.disable('x-powered-by');
      return app;
    },
  ],
  ['Fastify', (module) => NestFactory.create(module as never, new FastifyAdapter(), { logger: false })],
];

describe.each(adapters)('an application on %s', (_name, create) => {
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    @Module({ imports: [ContinuoModule.forRoot({ agents: [EchoAgent], env, path: 'ai' })] })
    class Application {}

    app = await create(Application);
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/ai`;
  });

  afterAll(() => app.close());

  it.each(kinds)('answers %i to %s with the headers of the stand-alone server', async (status, _kind, asked) => {
    const [here, there] = await Promise.all([answerTo(asked, url), answerTo(asked, alone.url)]);
    expect(there.status).toBe(status);
    expect({ ...here, length: 0 }).toEqual({ ...there, length: 0 });
    expect(here.headers).toMatchObject({ 'x-request-id': ID, 'x-content-type-options': 'nosniff' });
    expect(here.length > 0).toBe(there.length > 0);
  });
});
