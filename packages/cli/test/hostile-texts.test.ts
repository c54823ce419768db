/** What others have written reaches a terminal as text: it neither moves the cursor, nor clears, nor renames anything. */
import { beforeEach, expect, it } from 'vitest';
import { httpServer } from '../../client/test/support/http-server.js';
import { colours } from '../src/terminal/colours.js';
import { screened } from '../src/terminal/printable.js';
import { captured } from './support/captured-run.js';

const ATTACK = '\u001B]0;owned\u0007\u001B[2J\u009B1A\rHello';
// oxlint-disable-next-line no-control-regex -- that is what must not be there
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/;
// oxlint-disable-next-line no-control-regex -- our own colours may
const PAINT = /\u001B\[\d+m/g;

const now = new Date().toISOString();
const parts = [{ text: ATTACK }, { url: ATTACK, filename: ATTACK, mediaType: ATTACK }];
const message = { messageId: ATTACK, role: 'ROLE_AGENT', parts };
const metadata = {
  agent: ATTACK,
  'urn:continuo:a2a:error:v1': { name: ATTACK, message: ATTACK, causes: [ATTACK] },
  'urn:continuo:a2a:held:v1': { finished: ATTACK, found: ATTACK, since: now },
  'urn:continuo:a2a:progress:v1': { title: ATTACK, stage: ATTACK, parentTaskId: ATTACK, fraction: 0.5 },
};
const task = {
  id: ATTACK,
  contextId: ATTACK,
  status: { state: 'TASK_STATE_FAILED', timestamp: now, message },
  artifacts: [{ artifactId: ATTACK, name: ATTACK, parts }],
  history: [{ ...message, role: 'ROLE_USER' }],
  metadata,
};
const session = { id: ATTACK, title: ATTACK, messageCount: 1, createdAt: now, updatedAt: now };
const error = {
  name: ATTACK,
  message: ATTACK,
  stack: [{ own: true, file: ATTACK, line: 1 }],
  causes: [{ name: ATTACK, message: ATTACK }],
};
const node = {
  kind: 'model',
  name: ATTACK,
  state: 'done',
  startedAt: now,
  endedAt: now,
  attempts: 1,
  tries: [{ error, count: 1 }],
  usage: null,
  model: { finishReason: ATTACK },
  child: { state: ATTACK, taskId: ATTACK },
  nodes: [],
};
const card = {
  name: ATTACK,
  description: ATTACK,
  version: ATTACK,
  defaultInputModes: [ATTACK],
  defaultOutputModes: [ATTACK],
  supportedInterfaces: [{ url: ATTACK, protocolBinding: ATTACK, protocolVersion: ATTACK }],
  skills: [{ id: ATTACK, name: ATTACK, description: ATTACK, examples: [ATTACK] }],
};
const answers: Readonly<Record<string, unknown>> = {
  '/tasks/1': task,
  '/tasks': { tasks: [task], nextPageToken: '' },
  '/tasks/1/steps': { steps: [{ name: ATTACK, failed: false, startedAt: now, endedAt: now }] },
  '/tasks/1/trace': {
    agent: ATTACK,
    state: ATTACK,
    createdAt: now,
    endedAt: now,
    usage: null,
    runs: [
      { number: 1, attempt: 1, instance: ATTACK, startedAt: now, endedAt: now, ending: ATTACK, error, nodes: [node] },
    ],
    nextPageToken: '',
  },
  '/tasks/1/log': {
    lines: [{ at: now, level: 'info', message: ATTACK, fields: { field: ATTACK } }],
    dropped: 0,
    next: null,
  },
  '/sessions/1': session,
  '/sessions': { sessions: [session], nextPageToken: '' },
  '/sessions/1/messages': { messages: [{ message, agent: ATTACK, createdAt: now }], nextPageToken: '' },
  '/agents': { agents: [{ type: 'a', name: 'b', internal: false, card }] },
};

let url: string;
beforeEach(async () => {
  url = await httpServer(({ url: asked = '' }, response) => {
    const { pathname } = new URL(asked, 'http://server');
    const answer = answers[pathname];
    if (answer === undefined) {
      const refusal = { code: 404, status: 'NOT_FOUND', message: ATTACK, details: [{ reason: 'TASK_NOT_FOUND' }] };
      response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ error: refusal }));
      return;
    }
    if (pathname === '/tasks/1') response.setHeader('last-event-id', '1');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
});

it.each([
  ['tasks show 1'],
  ['tasks list'],
  ['tasks trace 1'],
  ['tasks log 1'],
  ['sessions show 1'],
  ['sessions list'],
  ['agents card a/b'],
  ['agents list'],
  ['tasks show 2'],
])('continuo %s', async (line) => {
  for (const shown of [{ colours: true }, { colours: false }]) {
    const { stdout, stderr } = await captured([...line.split(' '), '--url', url], shown);
    const text = stdout + stderr;
    expect(text).toContain('Hello');
    expect(shown.colours ? text.replaceAll(PAINT, '') : text).not.toMatch(CONTROLS);
  }
  const { stdout } = await captured([...line.split(' '), '--url', url, '--json']);
  expect(stdout).not.toMatch(CONTROLS);
});

it('JSON says the same as the server, also of what a terminal would obey', async () => {
  const { stdout } = await captured(['tasks', 'show', '1', '--url', url, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ task: { id: ATTACK } });
});

it('whatever is written keeps our colours alone, line feeds and tabs', () => {
  const { red, bold } = colours(true);
  const own = `${red('no')}\t${bold('yes')}\n`;
  expect(screened(own + ATTACK)).toBe(`${own}Hello`);
  expect(screened('\u001B\u001B[31m]0;\u001B[8mhidden')).toBe('\u001B[31m]0;hidden');
});
