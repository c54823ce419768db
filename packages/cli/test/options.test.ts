/** Options do what their help says, or are refused: none is dropped, none is split that isn't a list. */
import { expect, it } from 'vitest';
import { httpServer } from '../../client/test/support/http-server.js';
import { webhookFindings } from '../src/doctor/running.js';
import { captured } from './support/captured-run.js';

it.each([['create', '--owner', 'ada'], ['list'], ['revoke', '1']])(
  'keys %s refuses --tenant at a server',
  async (...words) => {
    const asked: (string | undefined)[] = [];
    const url = await httpServer((request, response) => {
      asked.push(request.url);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    const { code, stderr } = await captured(['keys', ...words, '--tenant', 'acme', '--url', url]);
    expect([code, stderr, asked]).toEqual([2, expect.stringContaining('--tenant is for keys in the database'), []]);
  },
);

it('call --file takes a name as it is, once for each file', async () => {
  const card = { name: 'b', description: '', version: '1' };
  const url = await httpServer((_request, response) => {
    const agents = [{ type: 'a', name: 'b', internal: false, card }];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ agents }));
  });
  const { stderr } = await captured([
    'call',
    'a/b',
    'Hi',
    '--file',
    '/nope/Q3, final.pdf',
    '--file',
    'x',
    '--url',
    url,
  ]);
  expect(stderr).toContain("--file /nope/Q3, final.pdf can't be read");
});

it.each([
  ['0', 0],
  ['5', 0],
  ['6', 2],
  ['one', 2],
])('tasks trace --depth %s', async (depth, code) => {
  const trace = {
    agent: 'a/b',
    state: 'WORKING',
    createdAt: null,
    endedAt: null,
    usage: null,
    runs: [],
    nextPageToken: '',
  };
  const url = await httpServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(trace));
  });
  expect((await captured(['tasks', 'trace', '1', '--depth', depth, '--url', url])).code).toBe(code);
});

it('doctor finds wrong that a webhook has paused itself, and says why; not that somebody has paused it', () => {
  const webhook = {
    id: '1',
    url: 'https://receiver.example/hook',
    state: 'paused',
    failingSince: new Date().toISOString(),
  };
  const found = (stateReason: string): unknown =>
    webhookFindings([{ ...webhook, stateReason } as Parameters<typeof webhookFindings>[0][number]])[0];
  expect(found('Every delivery has failed for too long; the last: HTTP 500')).toMatchObject({
    health: 'wrong',
    found: expect.stringContaining('HTTP 500'),
    remedy: expect.stringContaining(':resume'),
  });
  expect(found('Paused by its owner.')).toMatchObject({
    health: 'note',
    found: expect.stringContaining('by its owner'),
  });
});
