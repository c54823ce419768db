/** What the log says of requests: one line each when they are over, and nothing that a client would not want to read there. */
import { createServer, request as send, type RequestListener } from 'node:http';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { requestLog } from '../../src/platform/request-log.js';
import { onLoopback } from '../support/on-loopback.js';
import { until } from '../support/until.js';

type Line = Readonly<Record<string, unknown>>;

/** The lines of one request, which `handle` answers behind the request log. */
async function linesOf(handle: RequestListener, { level = 'debug', hangUp = false } = {}): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const log = pino({ level, base: undefined }, { write: (line: string) => void lines.push(JSON.parse(line) as Line) });
  const logged = requestLog(log);
  let isOver = false;
  const server = createServer((request, response) => {
    logged(request, response, () => handle(request, response));
    response.once('close', () => (isOver = true));
    if (hangUp) call.destroy();
  });
  const url = await onLoopback(server);
  const call = send(`${url}/a/b?token=x`, { headers: { 'x-request-id': 'mine' } });
  call.on('error', () => undefined).on('response', (response) => response.resume());
  call.end();
  await until(() => isOver, { what: 'the request to be over' });
  return lines;
}

const req = { id: 'mine', method: 'GET', path: '/a/b' };
const time = expect.any(Number) as unknown;

it('an answer is a line, without the query', async () => {
  const lines = await linesOf((_request, response) => response.end('ok'));
  expect(lines).toEqual([{ level: 20, time, req, res: { status: 200 }, responseTime: time, msg: 'request completed' }]);
});

it('so is a client that has gone', async () => {
  const lines = await linesOf(() => undefined, { hangUp: true });
  expect(lines).toEqual([{ level: 20, time, req, res: { status: null }, responseTime: time, msg: 'request aborted' }]);
});

it('what the server failed is a warning', async () => {
  const fail: RequestListener = (_request, response) => response.writeHead(503).end();
  const lines = await linesOf(fail, { level: 'info' });
  const err = { type: 'Error', message: 'failed with status code 503', stack: expect.any(String) as unknown };
  const line = { level: 40, time, req, res: { status: 503 }, err, responseTime: time, msg: 'request errored' };
  expect(lines).toEqual([line]);
  expect(await linesOf((_request, response) => response.end('ok'), { level: 'info' })).toEqual([]);
});

it('whoever handles a request has its log', async () => {
  const handle: RequestListener = (request, response) => {
    if ('log' in request) (request.log as pino.Logger).info({ more: 1 }, 'so it is');
    response.end();
  };
  const lines = await linesOf(handle, { level: 'info' });
  expect(lines).toEqual([{ level: 30, time, req, more: 1, msg: 'so it is' }]);
});
