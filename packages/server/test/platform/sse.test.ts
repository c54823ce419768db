/** Event streams on real sockets: frames, heartbeats, slow clients and those that leave. */
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { beginStream, closedSignal, lastEventId, streamEvents, type SseFrame } from '../../src/platform/sse.js';
import { pulseOf } from '../../src/platform/pulse.js';
import { until } from '../support/until.js';

let server: Server | undefined;

/** Serves `frames` to one client, and hands back its response, unread. */
async function serve(frames: (signal: AbortSignal) => AsyncIterable<SseFrame>): Promise<IncomingMessage> {
  server = createServer((_request, response) => {
    const signal = closedSignal(response);
    void streamEvents(response, frames(signal), { heartbeatMs: 20, signal });
  }).listen(0);
  await once(server, 'listening');
  const request = get({ port: (server.address() as AddressInfo).port });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

it('writes ids, events and data, and ends', async () => {
  const response = await serve(async function* () {
    yield { id: 1, data: { text: 'a\nb' } };
    yield { event: 'note', data: 2 };
  });
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  });
  const chunks: unknown[] = await response.setEncoding('utf8').toArray();
  expect(chunks.join('')).toBe('id: 1\ndata: {"text":"a\\nb"}\n\nevent: note\ndata: 2\n\n');
});

it('sends comments through silence, and stops when the client leaves', async () => {
  let over = false;
  const response = await serve(async function* (signal) {
    yield { id: 1, data: 'first' };
    await once(signal, 'abort');
    over = true;
  });
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await until(() => text.includes(': heartbeat\n\n: heartbeat\n\n'), { what: 'two heartbeats' });
  expect(text).toMatch(/^id: 1\ndata: "first"\n\n/);
  response.destroy();
  await until(() => over, { what: 'the frames to be ended' });
});

it('takes no more frames than a client that does not read has room for', async () => {
  let taken = 0;
  let over = false;
  const response = await serve(async function* () {
    try {
      for (;;) {
        taken += 1;
        yield { id: taken, data: 'x'.repeat(100_000) };
      }
    } finally {
      over = true;
    }
  });
  let before = -1;
  await until(() => taken === before || ((before = taken), false), { what: 'the stream to stand still' });
  expect(taken).toBeLessThan(500);
  response.destroy();
  await until(() => over, { what: 'the frames to be ended' });
});

it('reads Last-Event-ID, and nothing else in its place', () => {
  expect([lastEventId(undefined), lastEventId(''), lastEventId('12')]).toEqual([undefined, undefined, 12]);
  for (const bad of ['x', '-1', '1.0', ' 1', '1'.repeat(20)]) {
    expect(() => lastEventId(bad)).toThrow(expect.objectContaining({ field: 'Last-Event-ID' }));
  }
});

it('breaks off when its frames fail, and the log says why', async () => {
  const told: unknown[] = [];
  const log = { error: (facts: object) => told.push(facts), warn: (facts: object) => told.push(facts) };
  server = createServer((request, response) => {
    Object.assign(request, { id: 'request-1', log });
    const frames = async function* (): AsyncGenerator<SseFrame> {
      yield { id: 1, data: 'first' };
      await new Promise(setImmediate);
      throw new Error('The log is gone.');
    };
    beginStream(response, frames(), { heartbeatMs: 1_000, signal: closedSignal(response) });
  }).listen(0);
  await once(server, 'listening');
  const request = get({ port: (server.address() as AddressInfo).port });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await expect(response.setEncoding('utf8').toArray()).rejects.toThrow('aborted');
  expect(told).toEqual([{ err: expect.objectContaining({ code: 'INTERNAL' }), requestId: 'request-1' }]);
});

it('is silent inside of a frame, however long its pieces take', async () => {
  let others = 0;
  const response = await serve(async function* () {
    const slow = async function* (): AsyncGenerator<string> {
      yield '{"text":"';
      const before = others;
      await until(() => others > before + 2, { what: 'heartbeats of another stream' });
      yield 'all"}';
    };
    yield { id: 1, pieces: slow() };
    await new Promise(() => undefined);
  });
  const pulse = pulseOf(20);
  const other = pulse.enter(() => (others += 1));
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await until(() => text.includes(': heartbeat'), { what: 'a heartbeat behind the frame' });
  pulse.leave(other);
  expect(text).toMatch(/^id: 1\ndata: {"text":"all"}\n\n: heartbeat\n\n/);
});
