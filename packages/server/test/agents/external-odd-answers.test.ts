/** Remote agents that answer what they should not: what came is an answer, is called by its name, and is read where it is certain. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { ExternalA2AAgentBaseService } from '../../src/agents/external-a2a-agent-base.service.js';
import { startServer } from '../../src/server.js';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { call } from '../support/http-calls.js';
import {
  events,
  json,
  notFound,
  OddHost,
  result,
  type OddOptions,
  type OddRemote,
  type Reply,
} from '../support/odd-remote.js';
import { afterThisTest } from '../support/outcome.js';

const host = await OddHost.start();
const ways = [
  { name: 'rpc', binding: 'JSONRPC', version: '1.0' },
  { name: 'rest', binding: 'HTTP+JSON', version: '1.0' },
  { name: 'old-rpc', binding: 'JSONRPC', version: '0.3' },
  { name: 'old-rest', binding: 'HTTP+JSON', version: '0.3' },
] as const;
const SESSIONS = { extensions: [{ uri: 'urn:continuo:a2a:sessions:v1' }] };

const remotes: Readonly<Record<string, OddRemote>> = Object.fromEntries(
  ways.flatMap(({ name, ...way }) => [
    [name, host.remote(name, way)],
    [`${name}-streaming`, host.remote(`${name}-streaming`, { ...way, streaming: true })],
    [`${name}-impatient`, host.remote(`${name}-impatient`, way)],
    [`${name}-knowing`, host.remote(`${name}-knowing`, { ...way, card: { capabilities: SESSIONS } })],
  ]),
);

/** What is wrong with them, and what the task says of that. */
const cards: Readonly<Record<string, readonly [OddOptions, string]>> = {
  'no-url': [
    { version: '0.3', card: { url: undefined } },
    "The remote agent's card can't be used: url: expected an http or https URL.",
  ],
  'odd-url': [
    { version: '0.3', card: { url: 'localhost:8080/rpc' } },
    "The remote agent's card can't be used: url: expected an http or https URL.",
  ],
  'no-interface-url': [
    { card: { supportedInterfaces: [{ protocolBinding: 'JSONRPC' }] } },
    "The remote agent's card can't be used: supportedInterfaces[0].url: expected an http or https URL.",
  ],
  'no-binding': [
    { card: { supportedInterfaces: [{ url: 'http://127.0.0.1:9/' }] } },
    "The remote agent's card can't be used: supportedInterfaces[0].protocolBinding: expected its name.",
  ],
  'no-modes': [
    { version: '0.3', card: { defaultInputModes: undefined } },
    "The remote agent's card can't be used: defaultInputModes is required and must be an array.",
  ],
};
/** By which an agent can be called all the same. */
const relative: Readonly<Record<string, OddOptions>> = {
  'relative-old': { version: '0.3', card: { url: '/relative-old/a2a' } },
  relative: { card: { supportedInterfaces: [{ url: 'a2a', protocolBinding: 'JSONRPC' }] } },
  'one-bad-of-two': {
    card: { supportedInterfaces: [{ protocolBinding: 'HTTP+JSON' }, { url: 'a2a', protocolBinding: 'JSONRPC' }, null] },
  },
};

let url = '';

beforeAll(async () => {
  const database = await createTestDatabase();
  const odd = Object.entries({
    ...Object.fromEntries(Object.entries(cards).map(([name, [options]]) => [name, options])),
    ...relative,
  });
  const all = [
    ...Object.entries(remotes),
    ...odd.map(([name, options]) => [name, host.remote(name, options)] as const),
  ];
  const server = await startServer({
    agents: all.map(([name, { cardUrl }]) => {
      class ExternalAgent extends ExternalA2AAgentBaseService {
        protected override readonly cardUrl = cardUrl;
        protected override readonly patienceMs = name.endsWith('-impatient') ? 300 : 60_000;
      }
      A2AAgent({ type: 'external', name, description: 'An agent elsewhere.' })(ExternalAgent);
      return ExternalAgent;
    }),
    env: { PORT: '0', DATABASE_URL: database.url, CONTINUO_LOG_LEVEL: 'silent' },
  });
  url = server.url;
  afterThisTest(() => server.stop());
});

beforeEach(() => Object.values(remotes).forEach((remote) => remote.reset()));

async function send(agent: string, message: unknown = 'hello'): Promise<Task> {
  const { status, body } = await call('POST', `${url}/agents/external/${agent}/tasks`, {
    body: { message, wait: true },
  });
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body as Task;
}

/** Its state and what it holds. */
const shown = (task: Task): readonly [string, unknown] => [
  task.status.state.replace('TASK_STATE_', ''),
  task.artifacts?.[0]?.parts,
];
const outcome = (task: Task): readonly [string, string] => [task.status.state.replace('TASK_STATE_', ''), saidBy(task)];

function remoteOf(name: string): OddRemote {
  const remote = remotes[name];
  if (remote === undefined) throw new Error(`there is no ${name}`);
  return remote;
}

/** As A2A 1.0 has tasks, and as 0.3 does over JSON-RPC. */
const task = (state: string, more: object = {}): object => ({ id: 't', contextId: 'c', status: { state }, ...more });
const artifacts = [{ artifactId: 'a', parts: [{ text: 'Four' }, { text: 'teen' }, { data: { n: 14 } }] }];
const done = task('TASK_STATE_COMPLETED', { artifacts });
const oldArtifacts = [
  {
    artifactId: 'a',
    parts: [
      { kind: 'text', text: 'Four' },
      { kind: 'text', text: 'teen' },
      { kind: 'data', data: { n: 14 } },
    ],
  },
];
const parts = [{ text: 'Fourteen' }, { data: { n: 14 } }];

const nonsense: Readonly<Record<string, readonly [Reply, RegExp]>> = {
  HTML: [{ type: 'text/html', body: '<html>Welcome</html>' }, /^.*answer: text\/html: <html>Welcome<\/html>\. It may/],
  'a long page': [{ type: 'text/html', body: '<p>'.repeat(1_000) }, /^.*answer: text\/html: <p><p>.*…\. It may/],
  nothing: [{ body: '' }, /^.*answer: nothing\. It may/],
  'a task under a name of its own': [
    json({ jsonrpc: '2.0', id: 1, result: { Task: done } }),
    /^.*answer: \{"Task":\{.*\. It may/,
  ],
  'another JSON': [json(['what?']), /^.*answer: \["what\?"\]\. It may/],
  'no content': [{ status: 204, body: '' }, /^.*answer: nothing\. It may/],
  'no content, with 202': [{ status: 202, body: '' }, /^.*answer: nothing\. It may/],
  'JSON of nothing': [{ body: 'null' }, /^.*answer: null\. It may/],
  'an empty object': [json({}), /^.*answer: \{\}\. It may/],
  'a result of nothing': [json({ jsonrpc: '2.0', id: 1, result: null }), /^.*answer: .*null.*\. It may/],
  'a list of answers': [json([{ jsonrpc: '2.0', id: 1, result: { task: done } }]), /^.*answer: \[\{.*\. It may/],
  XML: [
    { type: 'application/xml', body: '<?xml version="1.0"?><ok/>' },
    /^.*answer: application\/xml: <\?xml.*\. It may/,
  ],
  'words that are called JSON': [{ body: 'Accepted.' }, /^.*answer: .*Accepted\.\. It may/],
  'half an answer': [{ body: '{"jsonrpc":"2.0",', cut: true }, /^.*answer: one that broke off \(.*\)\. It may/],
};

describe.each(ways)('a remote agent over $binding of A2A $version', (way) => {
  const { name, binding } = way;
  const says = (value: unknown) => result(value, binding);

  it.each(Object.entries(nonsense))(
    'that answers a message with %s is not sent it again',
    async (_, [reply, words]) => {
      const remote = remoteOf(name).on('send', () => reply);
      const [state, said] = outcome(await send(name));
      expect([state, remote.count('send')]).toEqual(['FAILED', 1]);
      expect(said).toMatch(/^The remote agent answered with something that is no A2A answer: /);
      expect(said).toMatch(words);
      expect(said).toMatch(/It may have done its work: the message is not sent again\.$/);
    },
  );

  it('that makes one task of repeated messages is sent it again, with the same id, three times', async () => {
    const remote = remoteOf(`${name}-knowing`).on('send', () => ({ type: 'text/html', body: '<p>' }));
    expect(outcome(await send(`${name}-knowing`))).toEqual([
      'FAILED',
      'The remote agent answered with something that is no A2A answer: text/html: <p> (3 times)',
    ]);
    expect(new Set(remote.asked.map(({ messageId }) => messageId)).size).toBe(1);
    expect(remote.count('send')).toBe(3);
  });

  it.each([
    [500, 'Internal Server Error'],
    [404, 'Not Found'],
  ])('that fails with HTTP %i in words of its own has failed, and is no longer tried', async (status, detail) => {
    const remote = remoteOf(name).on('send', () => json({ detail }, status));
    const said = `The remote agent failed 3 times: HTTP ${status}: {"detail":"${detail}"}`;
    expect(outcome(await send(name))).toEqual(['FAILED', said]);
    expect(new Set(remote.asked.map(({ messageId }) => messageId)).size).toBe(1);
    expect(remote.count('send')).toBe(3);
  });

  it.each([
    ['has no GetTask', undefined],
    ['forgets its tasks', notFound(way)],
  ])('that gives its task finished, and %s, has given the result', async (_, get) => {
    const remote = remoteOf(name).on('send', says({ task: done }));
    if (get !== undefined) remote.on('get', get);
    const ended = await send(name);
    expect(shown(ended)).toEqual(['COMPLETED', parts]);
    expect([remote.count('send'), remote.count('get')]).toEqual([1, 0]);
  });

  it('that gives its task failed says why, without GetTask', async () => {
    const message = { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'No stock.' }] };
    remoteOf(name).on('send', says({ task: task('x', { status: { state: 'TASK_STATE_FAILED', message } }) }));
    expect(outcome(await send(name))).toEqual(['FAILED', 'The remote agent failed: No stock.']);
  });

  it.each([
    ['a bare task', done],
    ['a task of 0.3', { ...task('completed', { artifacts: oldArtifacts }), kind: 'task' }],
    ['a task of 0.3 without its kind', task('completed', { artifacts: oldArtifacts })],
    ['a task of 0.3 where 1.0 has it', { task: task('completed', { artifacts: oldArtifacts }) }],
    ['a state in capitals', { task: task('COMPLETED', { artifacts }) }],
  ])('is understood when it answers with %s', async (_, answer) => {
    remoteOf(name).on('send', says(answer));
    const ended = await send(name);
    expect(shown(ended)).toEqual(['COMPLETED', parts]);
  });

  it.each([
    ['of 1.0', { message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'Just this.' }] } }],
    ['of 0.3', { kind: 'message', messageId: 'm', role: 'agent', parts: [{ kind: 'text', text: 'Just this.' }] }],
    ['without a role', { messageId: 'm', parts: [{ text: 'Just this.' }] }],
  ])('is understood when it answers with a message %s', async (_, answer) => {
    remoteOf(name).on('send', says(answer));
    expect(outcome(await send(name))).toEqual(['COMPLETED', 'Just this.']);
  });

  it('shows what it says on the way, in whichever spelling, and the files of its end', async () => {
    const file = { kind: 'file', file: { bytes: 'aGk=', mimeType: 'text/plain', name: 'a.txt' } };
    const ended = task('completed', {
      artifacts: [{ artifactId: 'f', parts: [file, { kind: 'rubbish' }, 7, { kind: 'text', text: 'x' }] }],
    });
    remoteOf(name)
      .on('send', says(task('submitted')))
      .on('get', says(task('working')), says({ task: ended }));
    expect(shown(await send(name))[1]).toEqual([
      { raw: 'aGk=', mediaType: 'text/plain', filename: 'a.txt' },
      { text: 'x' },
    ]);
  });

  it('may ask, be answered and end without GetTask', async () => {
    const message = { messageId: 'q', role: 'ROLE_AGENT', parts: [{ text: 'Which colour?' }] };
    const asking = task('x', { status: { state: 'TASK_STATE_INPUT_REQUIRED', message } });
    const remote = remoteOf(name).on('send', says({ task: asking }), says({ task: done }));
    const asked = await send(name);
    expect(outcome(asked)).toEqual(['INPUT_REQUIRED', 'Which colour?']);
    const ended = await send(name, { taskId: asked.id, parts: [{ text: 'blue' }] });
    expect(shown(ended)).toEqual(['COMPLETED', parts]);
    expect(remote.count('send')).toBe(2);
  });

  it('that works on without GetTask is followed by its stream', async () => {
    const said = [
      { task: task('working') },
      { artifactUpdate: { taskId: 't', artifact: artifacts[0] } },
      { statusUpdate: { taskId: 't', status: { state: 'completed' } } },
    ];
    remoteOf(`${name}-streaming`)
      .on('send', says({ task: task('submitted') }))
      .on('subscribe', events(said, binding));
    const ended = await send(`${name}-streaming`);
    expect(shown(ended)).toEqual(['COMPLETED', parts]);
  });

  it('that works on without GetTask is followed again whenever its stream breaks off, whatever the case of its type', async () => {
    const chunk = (text: string, more: object) => ({
      artifactUpdate: { taskId: 't', artifact: { artifactId: 'a', parts: [{ text }] }, ...more },
    });
    const other = { statusUpdate: { taskId: 'of-somebody-else', status: { state: 'failed' } } };
    const cut = events([other, chunk('Four', {})], binding);
    const remote = remoteOf(`${name}-streaming`)
      .on('send', says({ task: task('submitted') }))
      .on(
        'subscribe',
        (asked) => ({ ...cut(asked), type: 'Text/Event-Stream;charset=UTF-8', cut: true }),
        () => ({ type: 'text/event-stream', body: ': nothing yet\n\n', cut: true }),
        events(
          [chunk('teen', { append: true }), { statusUpdate: { taskId: 't', status: { state: 'completed' } } }],
          binding,
        ),
      );
    expect(shown(await send(`${name}-streaming`))).toEqual(['COMPLETED', [{ text: 'Fourteen' }]]);
    expect(remote.count('subscribe')).toBe(3);
  });

  it('that tells of another task when it is asked has told nothing of this one', async () => {
    const remote = remoteOf(name)
      .on('send', says({ task: task('working') }))
      .on('get', says({ ...done, id: 'of-somebody-else', artifacts: [] }), says(done));
    expect(shown(await send(name))).toEqual(['COMPLETED', parts]);
    expect([remote.count('send'), remote.count('get')]).toEqual([1, 2]);
  });

  it('that works on with neither GetTask nor a stream fails at once, and says so', async () => {
    remoteOf(name).on('send', says({ task: task('working') }));
    const [state, said] = outcome(await send(name));
    expect(state).toBe('FAILED');
    expect(said).toMatch(
      /^The remote agent has begun, but can't say how it goes on: it doesn't stream, and GetTask is not there/,
    );
  });

  it('that has streamed the end, and forgets its tasks then, has given the result', async () => {
    const said = [
      { artifactUpdate: { taskId: 't', artifact: artifacts[0] } },
      { statusUpdate: { taskId: 't', status: { state: 'TASK_STATE_COMPLETED' } } },
    ];
    remoteOf(`${name}-streaming`)
      .on('send', says({ task: task('working') }))
      .on('get', says(task('working')), notFound(way))
      .on('subscribe', events(said, binding));
    expect(shown(await send(`${name}-streaming`))).toEqual(['COMPLETED', parts]);
  });

  it('that streams nonsense is asked instead', async () => {
    const remote = remoteOf(`${name}-streaming`)
      .on('send', says({ task: task('working') }))
      .on('get', says(task('working')), says(done))
      .on('subscribe', () => ({ type: 'text/event-stream', body: 'data: <p>\n\ndata: {"what":1}\n\n' }));
    expect(shown(await send(`${name}-streaming`))).toEqual(['COMPLETED', parts]);
    expect(remote.count('send')).toBe(1);
  });

  it('whose state nobody can read fails at once, by the field', async () => {
    const remote = remoteOf(name)
      .on('send', says({ task: task('working') }))
      .on('get', says(task('done')));
    const said = `The remote agent's answer can't be read: status.state: expected a state of A2A, got "done".`;
    expect(outcome(await send(name))).toEqual(['FAILED', said]);
    expect(remote.count('get')).toBe(1);
  });

  it.each([
    [
      'no state',
      task('unknown'),
      /^The remote agent failed for 0 seconds; the last reason: it does not say in which state its task is\.$/,
    ],
    [
      'no task',
      { what: 1 },
      /^The remote agent answered with something that is no A2A answer: \{"what":1\} \(for 0 seconds\)$/,
    ],
  ])('that tells %s when it is asked is not away, and is not waited for without end', async (_, answer, words) => {
    remoteOf(`${name}-impatient`)
      .on('send', says({ task: task('working') }))
      .on('get', says(answer));
    const [state, said] = outcome(await send(`${name}-impatient`));
    expect(state).toBe('FAILED');
    expect(said).toMatch(words);
  });
});

describe('a card', () => {
  it.each(Object.entries(cards))('that is wrong (%s) fails the task at once, by the field', async (name, [, said]) => {
    expect(outcome(await send(name))).toEqual(['FAILED', said]);
  });

  it.each(Object.keys(relative))('with an address relative to its own (%s) is followed', async (name) => {
    host.remote(name, relative[name]).on('send', result({ task: done }));
    expect(shown(await send(name))).toEqual(['COMPLETED', parts]);
  });
});

it('an answer of JSON-RPC with an id or a version of its own is that to the only request there was', async () => {
  remoteOf('rpc').on('send', () => json({ id: null, error: null, result: { task: done } }));
  expect(shown(await send('rpc'))).toEqual(['COMPLETED', parts]);
});

it.each([
  ['another number', 4711],
  ['a text', 'x'],
  ['none', undefined],
])('an answer of JSON-RPC with %s for its id is understood', async (_, id) => {
  const remote = remoteOf('rpc').on('send', () => json({ jsonrpc: '2.0', id, result: { task: done } }));
  expect(shown(await send('rpc'))).toEqual(['COMPLETED', parts]);
  expect(remote.count('send')).toBe(1);
});

it.each(ways)('an answer over $binding of A2A $version behind a byte order mark is read', async ({ name, binding }) => {
  const answer = result({ task: done }, binding);
  remoteOf(name).on('send', (asked) => ({ body: `\ufeff${answer(asked).body}` }));
  expect(shown(await send(name))).toEqual(['COMPLETED', parts]);
});

it('a context that the session has no room for costs no answer', async () => {
  remoteOf('rpc').on('send', result({ task: { ...done, contextId: 'c'.repeat(1_100_000) } }));
  expect(shown(await send('rpc'))).toEqual(['COMPLETED', parts]);
});
