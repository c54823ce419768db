/** What an agent's author may declare, and what clients and the agent make of it, over both bindings. */
import { Message, Role } from '@a2a-js/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  A2AAgent,
  A2AAgentBaseService,
  FunctionAgentBaseService,
  TaskFailedError,
  type AgentAnswer,
  type TaskContext,
} from '../../src/index.js';
import { DefaultOrchestrator } from '../../src/agents/builtin/default-orchestrator.js';
import { startServer } from '../../src/server.js';
import { connect, connectOld, request } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { allFramesOf } from '../support/event-stream.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import { callGrpc, grpcClient, grpcOf } from '../support/grpc-calls.js';
import { afterThisTest } from '../support/outcome.js';
import { saidBy } from '../support/answers.js';

const TONE = 'https://example.org/ext/tone/v1';
const NEEDED = 'https://example.org/ext/needed/v1';

@A2AAgent({
  type: 'shop',
  name: 'clerk',
  description: 'Sells.',
  displayName: 'The Clerk',
  provider: { organization: 'Shop Ltd', url: 'https://shop.example/' },
  iconUrl: 'https://shop.example/icon.png',
  documentationUrl: 'https://shop.example/docs',
  extensions: [{ uri: TONE, description: 'How to speak.', params: { tones: ['kind'] } }],
  skills: [
    {
      id: 'sell',
      name: 'Sell',
      description: 'Sells things.',
      tags: ['shop'],
      examples: ['A bottle, please.'],
      inputModes: ['text/plain'],
      outputModes: ['image/png'],
      securityRequirements: [{ schemes: { keys: { list: ['sell'] } } }],
    },
  ],
})
class Clerk extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    if (task.text === 'fail') throw new TaskFailedError('Declined.', { parts: [{ data: { code: 'declined' } }] });
    if (task.text === 'ask') {
      const { message } = await task.requestInput('Which?', { extensions: [TONE] });
      const { messageId, metadata, extensions, referenceTaskIds } = message ?? {};
      return [{ data: { messageId, metadata, extensions, referenceTaskIds } }];
    }
    const { acceptedOutputModes, extensions } = task;
    await task.artifact({ name: 'kind words', parts: 'Dear', extensions: [TONE] });
    return [{ data: { acceptedOutputModes, extensions } }];
  }
}

@A2AAgent({
  type: 'shop',
  name: 'strict',
  description: 'Needs an extension.',
  extensions: [{ uri: NEEDED, required: true }],
})
class Strict extends A2AAgentBaseService {
  override async execute(): Promise<string> {
    return 'Welcome.';
  }
}

@A2AAgent({ type: 'shop', name: 'plain', description: 'Polled.', streaming: false, pushNotifications: false })
class Plain extends Strict {}

@A2AAgent({ type: 'shop', name: 'replies', description: 'Answers directly.', replyWithMessage: true })
class Replies extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    if (task.text === 'ask') return `So ${(await task.requestInput('Which?')).text}.`;
    if (task.text === 'fail') throw new Error('No.');
    const heard = await task.step('hear', () => task.text);
    return [{ text: `You said ${heard}.` }, { data: { heard } }];
  }
}

@A2AAgent({ type: 'shop', name: 'till', description: 'Adds up.' })
class Till extends FunctionAgentBaseService<{ prices: number[]; discount?: number | undefined }, number> {
  protected readonly input = z.object({ prices: z.array(z.number()), discount: z.number().default(0) });
  protected readonly output = z.number();

  protected run({ prices }: { prices: number[] }): number {
    return prices.reduce((sum, price) => sum + price, 0);
  }
}

@A2AAgent({ type: 'shop', name: 'speller', description: 'Spells in capitals.' })
class Speller extends FunctionAgentBaseService<string, string> {
  protected readonly input = z.string();
  protected readonly output = z.string();

  protected run(word: string): string {
    return word.toUpperCase();
  }
}

let url = '';

beforeAll(async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const env = { DATABASE_URL, PORT: '0', CONTINUO_GRPC_PORT: '0', CONTINUO_LOG_LEVEL: 'silent' };
  const server = await startServer({
    agents: [Clerk, Strict, Plain, Replies, Till, Speller, DefaultOrchestrator],
    env,
  });
  url = server.url;
  afterThisTest(() => server.stop());
});

const messageOf = (text: string, more: Readonly<Record<string, unknown>> & { readonly contextId?: string } = {}) => ({
  messageId: crypto.randomUUID(),
  role: 'ROLE_USER',
  parts: [{ text }],
  ...more,
});

/** Sends over each binding in turn; answers with what JSON-RPC has as its result. */
const bindings = {
  'JSON-RPC': async (agent: string, params: object, headers = {}): Promise<Answer> => {
    const answer = await callRpc(`${url}/agents/shop/${agent}`, 'SendMessage', params, headers);
    return { ...answer, body: at(answer.body, 'result') ?? answer.body };
  },
  'HTTP+JSON': (agent: string, body: object, headers = {}): Promise<Answer> =>
    call('POST', `${url}/agents/shop/${agent}/message:send`, { body, headers: { 'a2a-version': '1.0', ...headers } }),
};

const stream = async (agent: string, params: object): Promise<readonly unknown[]> => {
  const response = await fetch(`${url}/agents/shop/${agent}/message:stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
    body: JSON.stringify(params),
  });
  return (await allFramesOf(response)).map(({ data }) => data);
};

function errorOf({ status, body }: Answer) {
  const error = at(body, 'error');
  const info = at(error, 'data', 0) ?? at(error, 'details', 0);
  return { http: status, code: at(error, 'code'), reason: at(info, 'reason') };
}

it('is on the card', async () => {
  const { body } = await call('GET', `${url}/agents/shop/clerk/.well-known/agent-card.json`);
  expect(body).toMatchObject({
    name: 'The Clerk',
    provider: { organization: 'Shop Ltd', url: 'https://shop.example/' },
    iconUrl: 'https://shop.example/icon.png',
    documentationUrl: 'https://shop.example/docs',
    capabilities: { streaming: true, pushNotifications: true },
    skills: [
      {
        examples: ['A bottle, please.'],
        inputModes: ['text/plain'],
        outputModes: ['image/png'],
        securityRequirements: [{ schemes: { keys: { list: ['sell'] } } }],
      },
    ],
  });
  expect(at(body, 'capabilities', 'extensions')).toContainEqual({
    uri: TONE,
    description: 'How to speak.',
    params: { tones: ['kind'] },
  });
  const plain = await call('GET', `${url}/agents/shop/plain/.well-known/agent-card.json`);
  expect(at(plain.body, 'capabilities')).toMatchObject({ extensions: expect.any(Array) as unknown });
  expect(at(plain.body, 'capabilities', 'streaming') ?? false).toBe(false);
  expect(at(plain.body, 'capabilities', 'pushNotifications') ?? false).toBe(false);
});

it('has the schema of the data that a typed function takes', async () => {
  const inputOf = async (agent: string): Promise<unknown> => {
    const { body } = await call('GET', `${url}/agents/shop/${agent}/.well-known/agent-card.json`);
    const extensions = at(body, 'capabilities', 'extensions') as readonly unknown[];
    return extensions.find((extension) => textAt(extension, 'uri') === 'urn:continuo:a2a:input:v1');
  };
  expect(at(await inputOf('till'), 'params', 'schema')).toEqual({
    type: 'object',
    properties: {
      prices: { type: 'array', items: { type: 'number' } },
      discount: { type: 'number', default: 0 },
    },
    required: ['prices'],
  });
  for (const takesText of ['speller', 'clerk']) expect(await inputOf(takesText)).toBe(undefined);
});

describe.each(Object.entries(bindings))('over %s', (_name, ask) => {
  it('the agent is told of output modes and extensions, and says which its answer makes use of', async () => {
    const params = { message: messageOf('go'), configuration: { acceptedOutputModes: ['image/png', 'text/plain'] } };
    const answer = await ask('clerk', params, { 'a2a-extensions': `${TONE}, https://example.org/unknown` });
    expect(at(answer.body, 'task', 'artifacts')).toMatchObject([
      { name: 'kind words', extensions: [TONE] },
      { parts: [{ data: { acceptedOutputModes: ['image/png', 'text/plain'], extensions: [TONE] } }] },
    ]);
    expect(answer.headers.get('a2a-extensions')).toBe(TONE);
    const without = await ask('clerk', { message: messageOf('go') });
    expect(at(without.body, 'task', 'artifacts', 1, 'parts', 0, 'data')).toEqual({
      acceptedOutputModes: [],
      extensions: [],
    });
  });

  it('an extension that is required must be named', async () => {
    const refused = await ask('strict', { message: messageOf('hi') });
    expect(errorOf(refused)).toMatchObject({ reason: 'EXTENSION_SUPPORT_REQUIRED' });
    expect([-32_008, 400]).toContain(errorOf(refused).code);
    const served = await ask('strict', { message: messageOf('hi') }, { 'a2a-extensions': NEEDED });
    expect(saidBy(at(served.body, 'task'))).toBe('Welcome.');
    expect(served.headers.get('a2a-extensions')).toBe(NEEDED);
  });

  it('an answer to a question has its whole message', async () => {
    const asking = (await ask('clerk', { message: messageOf('ask') })).body;
    expect(at(asking, 'task', 'status', 'message', 'extensions')).toEqual([TONE]);
    const about = { metadata: { how: 'so' }, extensions: [TONE], referenceTaskIds: ['another'] };
    const message = messageOf('this', { taskId: textAt(asking, 'task', 'id'), ...about });
    const { body } = await ask('clerk', { message });
    expect(at(body, 'task', 'artifacts', 0, 'parts', 0, 'data')).toEqual({ messageId: message.messageId, ...about });
  });

  it('a task may fail with parts', async () => {
    const { body } = await ask('clerk', { message: messageOf('fail') });
    expect(at(body, 'task', 'status')).toMatchObject({
      state: 'TASK_STATE_FAILED',
      message: { parts: [{ text: 'Declined.' }, { data: { code: 'declined' } }] },
    });
  });

  it('push notifications that are not offered are refused', async () => {
    const taskPushNotificationConfig = { url: 'https://example.org/hook' };
    const refused = await ask('plain', { message: messageOf('hi'), configuration: { taskPushNotificationConfig } });
    expect(errorOf(refused).reason).toBe('PUSH_NOTIFICATION_NOT_SUPPORTED');
  });

  it('an agent replies with a message, the same however often it is asked', async () => {
    const params = { message: messageOf('hello', { contextId: crypto.randomUUID() }) };
    const first = await ask('replies', { ...params, configuration: { returnImmediately: true } });
    expect(first.body).toEqual({
      message: {
        messageId: expect.any(String) as string,
        contextId: params.message.contextId,
        role: 'ROLE_AGENT',
        parts: [{ text: 'You said hello.' }, { data: { heard: 'hello' } }],
      },
    });
    expect((await ask('replies', params)).body).toEqual(first.body);
    expect(await stream('replies', params)).toEqual([first.body]);
    expect((await call('GET', `${url}/sessions/${params.message.contextId}`)).body).toMatchObject({ messageCount: 2 });
  });

  it('what such an agent asks, or fails at, is a task', async () => {
    const asking = (await ask('replies', { message: messageOf('ask') })).body;
    expect(at(asking, 'task', 'status', 'state')).toBe('TASK_STATE_INPUT_REQUIRED');
    const { id: taskId, contextId } = at(asking, 'task') as { readonly id: string; readonly contextId: string };
    const answered = await ask('replies', { message: messageOf('what', { taskId, contextId }) });
    expect(at(answered.body, 'message', 'parts')).toEqual([{ text: 'So what.' }]);
    const failed = await ask('replies', { message: messageOf('fail') });
    expect(at(failed.body, 'task', 'status', 'state')).toBe('TASK_STATE_FAILED');
  });
});

it('an orchestrator tells the agents that it asks what the call accepts', async () => {
  const configuration = { acceptedOutputModes: ['image/png'] };
  const message = messageOf('shop/clerk: go');
  const { body } = await callRpc(`${url}/agents/orchestrator/default`, 'SendMessage', { message, configuration });
  const artifacts = at(body, 'result', 'task', 'artifacts') as readonly unknown[];
  expect(at(artifacts.at(-1), 'parts', 0, 'data', 'acceptedOutputModes')).toEqual(['image/png']);
});

it('streams that are not offered are refused', async () => {
  const params = { message: messageOf('hi') };
  const rpc = await callRpc(`${url}/agents/shop/plain`, 'SendStreamingMessage', params);
  expect(errorOf(rpc)).toEqual({ http: 200, code: -32_004, reason: 'UNSUPPORTED_OPERATION' });
  const rest = await call('POST', `${url}/agents/shop/plain/message:stream`, {
    body: params,
    headers: { 'a2a-version': '1.0' },
  });
  expect(errorOf(rest)).toEqual({ http: 400, code: 400, reason: 'UNSUPPORTED_OPERATION' });
});

it('holds over gRPC, too', async () => {
  const { address } = await grpcOf(url, 'shop/replies');
  const client = grpcClient(address);
  afterThisTest(async () => client.close());
  const to = (agent: string, text: string) => ({ ...request(text), tenant: `shop/${agent}` });
  const metadata = { 'a2a-version': '1.0' };
  const reply = await callGrpc(client, 'sendMessage', to('replies', 'hello'), { metadata });
  expect(at(reply.answer, 'payload', '$case')).toBe('message');
  const strict = await callGrpc(client, 'sendMessage', to('strict', 'hi'), { metadata });
  expect(strict.info).toMatchObject({ reason: 'EXTENSION_SUPPORT_REQUIRED', domain: 'a2a-protocol.org' });
  const served = await callGrpc(client, 'sendMessage', to('strict', 'hi'), {
    metadata: { ...metadata, 'a2a-extensions': NEEDED },
  });
  expect(at(served.answer, 'payload', '$case')).toBe('task');
});

it('the official client, and one of 0.3, take a message for an answer', async () => {
  const clients = [await connect(url, 'shop/replies'), await connectOld(url, 'shop/replies', 'JSONRPC')];
  for (const client of clients) {
    const answer = await client.sendMessage(request('hello'));
    if (!('messageId' in answer)) throw new Error('a task');
    expect(Message.toJSON(answer)).toMatchObject({
      parts: [{ text: 'You said hello.' }, { data: { heard: 'hello' } }],
    });
    expect(answer.role).toBe(Role.ROLE_AGENT);
    const events = [];
    for await (const { payload } of client.sendMessageStream(request('hello'))) events.push(payload?.$case);
    expect(events).toEqual(['message']);
  }
});

it.each([
  [{ iconUrl: 'nowhere' }, 'iconUrl'],
  [{ provider: { organization: '', url: 'https://a.example' } }, 'provider'],
  [{ extensions: [{ uri: '' }] }, 'extensions'],
  [{ streaming: 'no' }, 'streaming'],
])('options that are wrong stop the start: %j', async (options, field) => {
  const wrong = { type: 'test', name: 'wrong', description: 'Wrong.', ...options } as never;
  @A2AAgent(wrong)
  class Wrong extends Strict {}
  const env = { DATABASE_URL: 'postgres://127.0.0.1:1/none', PORT: '0', CONTINUO_LOG_LEVEL: 'silent' };
  await expect(startServer({ agents: [Wrong], env })).rejects.toThrow(field);
});
