/** Tasks, sessions and streams that are larger than the memory of the server: it lives, and answers others. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { addArtifact, addMessages } from '../support/large-log.js';
import { afterThisTest } from '../support/outcome.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

const CONTENT = 'urn:continuo:a2a:content:v1';
const MB = 1_000_000;
const echo = '/agents/function/echo';
let databaseUrl: string;
let server: ServerProcess;

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  server = await startServer({
    env: { DATABASE_URL: databaseUrl, CONTINUO_LOG_LEVEL: 'warn' },
    nodeOptions: ['--max-old-space-size=160'],
  });
});

/** A completed task. */
async function newTask(contextId: string, text = 'hello'): Promise<string> {
  const message = { messageId: crypto.randomUUID(), contextId, parts: [{ text }] };
  const { status, body } = await call('POST', `${server.url}${echo}/tasks`, { body: { message, wait: true } });
  expect([status, at(body, 'status', 'state')]).toEqual([201, 'TASK_STATE_COMPLETED']);
  return textAt(body, 'id');
}

/** Somebody else is served, by the same process. */
async function lives(): Promise<void> {
  await newTask(crypto.randomUUID());
  expect([server.output(), await (await fetch(`${server.url}/healthz`)).text()]).not.toContain('out of memory');
}

/** Sends a request and reads nothing of what comes. */
function openUnread(path: string): Socket {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.on('error', () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`);
  afterThisTest(async () => void socket.destroy());
  return socket;
}

describe('a task of 150 MB', () => {
  let contextId: string;
  let id: string;

  beforeAll(async () => {
    contextId = crypto.randomUUID();
    id = await newTask(contextId);
    for (const artifactId of ['one', 'two', 'three']) {
      await addArtifact(databaseUrl, id, { artifactId, chunks: 50, chunkBytes: 999_968 });
    }
  });

  it('is read with addresses in place of what no answer can carry', async () => {
    const { status, body } = await call('GET', `${server.url}/tasks/${id}`);
    expect(status).toBe(200);
    const artifacts = at(body, 'artifacts') as readonly { artifactId: string; parts: unknown; metadata?: object }[];
    expect(artifacts.map(({ artifactId, metadata, parts }) => [artifactId, metadata, parts]).slice(-3)).toEqual(
      ['one', 'two', 'three'].map((artifactId) => [
        artifactId,
        { [CONTENT]: { uri: `/tasks/${id}/artifacts/${artifactId}`, bytes: expect.any(Number) } },
        [],
      ]),
    );
    expect(artifacts[0]?.parts).toEqual([{ text: 'hello' }]);
    await lives();
  });

  it('is in A2A and in lists as it is there', async () => {
    const seen = await Promise.all([
      callRpc(`${server.url}${echo}`, 'GetTask', { id }),
      callRpc(`${server.url}${echo}`, 'ListTasks', { contextId, includeArtifacts: true }),
      call('GET', `${server.url}/tasks?sessionId=${contextId}&includeArtifacts=true`),
    ]);
    for (const answer of seen) {
      expect(JSON.stringify(answer)).toContain(`/tasks/${id}/artifacts/three`);
      expect(JSON.stringify(answer).length).toBeLessThan(MB);
    }
    await lives();
  });

  it.each([
    ['its events', () => `/tasks/${id}/events?follow=false`],
    ['the export of its session', () => `/sessions/${contextId}/export`],
  ])('%s come as a stream', async (_what, path) => {
    const response = await fetch(`${server.url}${path()}`);
    let bytes = 0;
    for await (const chunk of response.body ?? []) bytes += (chunk as Uint8Array).length;
    expect(bytes).toBeGreaterThan(149 * MB);
    await lives();
  });
});

describe('events of 30 MB', () => {
  let contextId: string;
  let id: string;

  beforeAll(async () => {
    contextId = crypto.randomUUID();
    id = await newTask(contextId);
    await addArtifact(databaseUrl, id, { artifactId: 'large', chunks: 2, chunkBytes: 30 * MB });
  });

  it('reach who reads them', async () => {
    const text = await (await fetch(`${server.url}/tasks/${id}/events?follow=false`)).text();
    const frames = text.split('\n\n').filter((frame) => frame.length > MB);
    const seen = frames.map((frame) => {
      const data: unknown = JSON.parse(frame.slice(frame.indexOf('{')));
      const said = textAt(data, 'artifactUpdate', 'artifact', 'parts', 0, 'text');
      return [said.length, at(data, 'artifactUpdate', 'append')];
    });
    expect(seen).toEqual([
      [30 * MB, false],
      [30 * MB, true],
    ]);
  });

  it('cost little for clients that take nothing', async () => {
    const paths = [`/tasks/${id}/events`, `/sessions/${contextId}/events`, `/sessions/${contextId}/export`];
    const unread = Array.from({ length: 60 }, (_, n) => openUnread(paths[n % 3] ?? ''));
    await Promise.all(unread.map((socket) => once(socket, 'readable')));
    expect(unread).toHaveLength(60);
    await lives();
  });
});

describe('12 messages of 9 MB in one session', () => {
  let contextId: string;

  beforeAll(async () => {
    contextId = crypto.randomUUID();
    await addMessages(databaseUrl, await newTask(contextId), { count: 12, bytes: 9 * MB });
  });

  it.each(['events', 'export', 'messages'])('come as %s', async (what) => {
    const response = await fetch(`${server.url}/sessions/${contextId}/${what}`);
    expect(response.status).toBe(200);
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += (chunk as Uint8Array).length;
      if (what === 'events' && bytes > 108 * MB) break;
    }
    expect(bytes).toBeGreaterThan(what === 'messages' ? 0 : 108 * MB);
    await lives();
  });

  it('are the history of a task, the newest of them, also for six who ask at once', async () => {
    const path = `${server.url}/tasks?sessionId=${contextId}&historyLength=100`;
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('GET', path)));
    for (const { body } of answers) {
      const history = at(body, 'tasks', 0, 'history') as readonly unknown[];
      expect(history.map((message) => textAt(message, 'parts', 0, 'text').length)).toEqual([9 * MB, 9 * MB, 9 * MB]);
    }
    await lives();
  });
});

it.each([
  [
    'JSON-RPC',
    '',
    (text: string) => ({
      jsonrpc: '2.0',
      id: 1,
      method: 'message/stream',
      params: {
        message: { kind: 'message', messageId: crypto.randomUUID(), role: 'user', parts: [{ kind: 'text', text }] },
      },
    }),
  ],
  [
    'HTTP+JSON',
    '/v1/message:stream',
    (text: string) => ({
      message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', content: [{ text }] },
    }),
  ],
])(
  'streams of version 0.3 over %s have events of 3 MB whole: what was said, and what came of it',
  async (_binding, path, bodyOf) => {
    const answer = await fetch(server.url + echo + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'a2a-version': '0.3' },
      body: JSON.stringify(bodyOf('a word '.repeat((3 * MB) / 7))),
    });
    expect((await answer.text()).split('a word ').length - 1).toBe(2 * Math.floor((3 * MB) / 7));
  },
);
