/** gRPC beside the other bindings: errors and their details, deadlines, streams that resume elsewhere, reflection, health, the drain. */
import { randomUUID } from 'node:crypto';
import { on, once } from 'node:events';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { Message, Task } from '@a2a-js/sdk';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import {
  Client,
  credentials,
  makeClientConstructor,
  type ClientReadableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { connect, request, send, stateOf, textOf } from '../support/a2a-client.js';
import { certificate } from '../support/certificate.js';
import { createTestDatabase } from '../support/database.js';
import { callGrpc, grpcClient, grpcOf, outcomeOf, reflect, streamGrpc, type Outcome } from '../support/grpc-calls.js';
import { everyPart, eventOf, methodsOf, PROGRESS } from '../support/grpc-messages.js';
import { at, call, callRpc } from '../support/http-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { soon } from '../support/soon.js';
import { tlsFiles } from '../support/tls.js';
import { until } from '../support/until.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let first: ServerProcess;
let second: ServerProcess;
let address: string;
let client: Client;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  const env = {
    DATABASE_URL: databaseUrl,
    CONTINUO_GRPC_PORT: '0',
    ...soon,
  };
  const limits = { CONTINUO_BODY_LIMIT_BYTES: '200000', CONTINUO_BODY_LIMIT_VALUES: '1000' };
  first = await startServer({ entry, env: { ...env, ...limits } });
  second = await startServer({ entry, env: { ...env, ...limits, ...(await tlsFiles()) } });
  ({ address } = await grpcOf(first.url, 'function/echo'));
  client = grpcClient(address);
});

const echo = { tenant: 'function/echo' };
const sendTo = (tenant: string, content: unknown, details = {}) => ({ ...request(content, details), tenant });
const idOf = (outcome: Outcome): string => String(at(outcome.answer, 'payload', 'value', 'id'));

describe('a request', () => {
  it('is refused with the reason that the other bindings give, and with what is wrong where', async () => {
    const cases: readonly (readonly [method: string, rpc: string, asked: object, json: object])[] = [
      ['getTask', 'GetTask', { id: 'nothing' }, { id: 'nothing' }],
      ['getTask', 'GetTask', { id: '' }, {}],
      ['getTask', 'GetTask', { id: randomUUID(), historyLength: -1 }, { id: randomUUID(), historyLength: -1 }],
      ['listTasks', 'ListTasks', { pageSize: 0 }, { pageSize: 0 }],
      ['listTasks', 'ListTasks', { pageToken: 'x' }, { pageToken: 'x' }],
      ['sendMessage', 'SendMessage', {}, {}],
      ['cancelTask', 'CancelTask', { id: 'nothing' }, { id: 'nothing' }],
    ];
    for (const [method, rpc, grpc, json] of cases) {
      const blank = { id: '', contextId: '', status: 0, pageToken: '', message: undefined };
      const outcome = await callGrpc(client, method, { ...blank, ...grpc, ...echo });
      const { body } = await callRpc(`${first.url}/agents/function/echo`, rpc, json);
      const said = at(body, 'error', 'data', 0);
      expect([method, outcome.info]).toEqual([
        method,
        { reason: at(said, 'reason'), domain: at(said, 'domain'), metadata: at(said, 'metadata') ?? {} },
      ]);
      expect(outcome.message).toBe(at(body, 'error', 'message'));
      const field = at(said, 'metadata', 'field');
      expect(outcome.violations.map(([name]) => name)).toEqual(outcome.code === 'INVALID_ARGUMENT' ? [field] : []);
    }
    const part = Message.fromJSON({ messageId: 'm', role: 'ROLE_USER', parts: [{ raw: 'aGk=', mediaType: 'a/b' }] });
    const wrongMode = await callGrpc(client, 'sendMessage', { ...echo, message: part });
    expect(wrongMode).toMatchObject({ code: 'INVALID_ARGUMENT', info: { reason: 'CONTENT_TYPE_NOT_SUPPORTED' } });
    const ended = await callGrpc(client, 'sendMessage', sendTo('function/echo', 'hello'));
    const again = await callGrpc(client, 'cancelTask', { ...echo, id: idOf(ended) });
    expect(again).toMatchObject({ code: 'FAILED_PRECONDITION', info: { reason: 'TASK_NOT_CANCELABLE' } });
    const version = await callGrpc(client, 'getTask', { ...echo, id: 'x' }, { metadata: { 'a2a-version': '99.0' } });
    expect(version).toMatchObject({ code: 'FAILED_PRECONDITION', info: { reason: 'VERSION_NOT_SUPPORTED' } });
  });

  it('names its agent by tenant, as the card has it, or by metadata, with a tenant of the caller beside it', async () => {
    const { id } = await send(await connect(first.url, 'function/echo', 'GRPC'), 'mine');
    const get = (tenant: string, metadata = {}) => callGrpc(client, 'getTask', { id, tenant }, { metadata });
    const named = { 'continuo-agent': 'function/echo' };
    expect((await get('function/echo')).code).toBe('OK');
    expect((await get('', named)).code).toBe('OK');
    expect((await get('function/echo', named)).code).toBe('OK');
    // A task of somebody else's, or of another agent.
    for (const outcome of [
      await get('acme/function/echo'),
      await get('acme', named),
      await get('acme/function/echo', named),
      await get('function/countdown'),
    ]) {
      expect(outcome).toMatchObject({ code: 'NOT_FOUND', info: { reason: 'TASK_NOT_FOUND' } });
    }
    const acme = await callGrpc(client, 'sendMessage', sendTo('acme/function/echo', 'hello'));
    const seen = await callGrpc(client, 'getTask', { id: idOf(acme), tenant: 'acme' }, { metadata: named });
    expect(seen.code).toBe('OK');
    expect(await get('no/body')).toMatchObject({ code: 'NOT_FOUND', info: { reason: 'AGENT_NOT_FOUND' } });
    for (const tenant of ['', 'echo']) {
      expect(await get(tenant)).toMatchObject({
        code: 'INVALID_ARGUMENT',
        violations: [['tenant', expect.any(String)]],
      });
    }
    expect(await get('', { 'continuo-agent': 'echo' })).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('is refused when it is too large, has too many values or levels, or is none', async () => {
    const large = await callGrpc(client, 'sendMessage', sendTo('function/echo', 'x'.repeat(300_000)));
    expect(large.code).toBe('RESOURCE_EXHAUSTED');
    const deep = JSON.parse(`${'['.repeat(300)}${']'.repeat(300)}`) as unknown;
    for (const content of [Array.from({ length: 1_001 }, () => 0), deep, { ['n'.repeat(2_000)]: 1 }]) {
      const outcome = await callGrpc(client, 'sendMessage', sendTo('function/echo', content));
      expect(outcome).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [['body', expect.any(String)]] });
    }
    const fits = Array.from({ length: 900 }, () => ({}));
    expect((await callGrpc(client, 'sendMessage', sendTo('function/echo', fits))).code).toBe('OK');
    const { sendMessage } = A2AService;
    const asItIs = { ...sendMessage, requestSerialize: (bytes: Buffer) => bytes };
    const Raw = makeClientConstructor({ sendMessage: asItIs }, 'raw');
    const raw = new Raw(address, credentials.createInsecure());
    for (const bytes of [Buffer.from('ffffff', 'hex'), Buffer.from('0aff', 'hex'), Buffer.from('{"message":{}}')]) {
      expect(await callGrpc(raw, 'sendMessage', bytes)).toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
    raw.close();
  });

  it('is answered with an id of its own, or the one that it came with, and says which extensions it keeps to', async () => {
    const metadata = { 'x-request-id': 'mine-1', 'a2a-extensions': `${PROGRESS},urn:unknown` };
    const { head } = await callGrpc(
      client,
      'listTasks',
      { ...echo, contextId: '', status: 0, pageToken: '' },
      { metadata },
    );
    expect(head).toMatchObject({ 'x-request-id': 'mine-1', 'a2a-extensions': PROGRESS });
  });

  it('does nothing twice under the same idempotency key', async () => {
    const metadata = { 'idempotency-key': randomUUID() };
    const sent = sendTo('function/echo', 'once');
    const outcomes = [];
    for (let times = 0; times < 2; times += 1) outcomes.push(await callGrpc(client, 'sendMessage', sent, { metadata }));
    expect(outcomes.map(idOf)).toEqual([idOf(outcomes[0] as Outcome), idOf(outcomes[0] as Outcome)]);
    const other = await callGrpc(client, 'sendMessage', sendTo('function/echo', 'other'), { metadata });
    expect(other.code).toBe('INVALID_ARGUMENT');
  });

  it('whose deadline passes ends, and its task goes on', async () => {
    const contextId = randomUUID();
    const sent = sendTo('function/countdown', { steps: 1_000, delayMs: 50 }, { contextId });
    const outcome = await callGrpc(client, 'sendMessage', sent, { deadlineMs: 1_500 });
    expect(outcome.code).toBe('DEADLINE_EXCEEDED');
    const countdown = await connect(first.url, 'function/countdown', 'GRPC');
    const filter = { tenant: '', contextId, status: 0, pageToken: '' };
    const listed = await countdown.listTasks({ ...filter, statusTimestampAfter: undefined });
    expect(listed.tasks.map(stateOf)).toEqual(['WORKING']);
    await countdown.cancelTask({ tenant: '', id: listed.tasks[0]?.id ?? '', metadata: undefined });
  });
});

describe('reflection', () => {
  it.each(['v1', 'v1alpha'] as const)('%s tells clients all that they need to call the service', async (version) => {
    const { services, client: of } = await reflect(address, version);
    expect(services).toEqual(['grpc.health.v1.Health', 'lf.a2a.v1.A2AService']);
    const A2A = await of('lf.a2a.v1.A2AService');
    const reflected = new A2A(address, credentials.createInsecure());
    const message = { message_id: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'by reflection' }] };
    const { answer } = await callGrpc(reflected, 'SendMessage', { ...echo, message });
    expect(at(answer, 'task')).toMatchObject({
      status: { state: 'TASK_STATE_COMPLETED' },
      artifacts: [{ parts: [{ text: 'by reflection' }] }],
    });
    reflected.close();
    const Health = await of('grpc.health.v1.Health');
    const health = new Health(address, credentials.createInsecure());
    expect((await callGrpc(health, 'Check', { service: '' })).answer).toEqual({ status: 'SERVING' });
    health.close();
  });

  it('has the messages that the SDK reads and writes', async () => {
    const { client: of } = await reflect(address, 'v1');
    const { service } = await of('lf.a2a.v1.A2AService');
    expect(methodsOf(service)).toEqual(methodsOf(A2AService));
    const task = Task.fromJSON({
      id: 'i',
      contextId: 'c',
      status: { state: 'TASK_STATE_INPUT_REQUIRED', timestamp: '2026-01-02T03:04:05Z', message: everyPart },
      artifacts: [{ artifactId: 'a', name: 'n', description: 'd', parts: everyPart.parts, extensions: ['e'] }],
      history: [everyPart],
      metadata: { a: [1, 'two', null, { b: true }] },
    });
    const bytes = A2AService.getTask.responseSerialize(task);
    const read: unknown = service['GetTask']?.responseDeserialize(bytes);
    expect(at(read, 'status', 'message', 'message_id')).toBe('m');
    const rewritten =
      service['GetTask']?.requestSerialize({ tenant: 't', id: 'i', history_length: 0 }) ?? Buffer.alloc(0);
    expect(A2AService.getTask.requestDeserialize(rewritten)).toMatchObject({ tenant: 't', id: 'i', historyLength: 0 });
    expect(at(read, 'artifacts', 0)).toMatchObject({
      artifact_id: 'a',
      name: 'n',
      description: 'd',
      extensions: ['e'],
    });
    expect(at(read, 'history', 0)).toMatchObject({ task_id: 't', reference_task_ids: ['r'], role: 'ROLE_AGENT' });
    expect((at(read, 'history', 0, 'parts') as readonly { content: string }[]).map(({ content }) => content)).toEqual([
      'text',
      'raw',
      'url',
      'data',
    ]);
  });
});

describe('a stream', () => {
  it('resumes on another instance, here with TLS, behind what it has seen, when its server is killed', async () => {
    const steps = 20;
    const events: { readonly id: unknown; readonly state: string | undefined }[] = [];
    const stream = streamGrpc(client, 'sendStreamingMessage', sendTo('function/countdown', { steps, delayMs: 100 }));
    let id = '';
    stream.on('data', (event: unknown) => {
      id ||= String(at(event, 'payload', 'value', 'id'));
      events.push(eventOf(event));
    });
    const broken = once(stream, 'error');
    await until(() => events.length > 8, { what: 'some steps to end' });
    await first.kill('SIGKILL');
    const [error] = (await broken) as [ServiceError];
    expect(outcomeOf(error).code).toBe('UNAVAILABLE');
    const secure = credentials.createSsl(Buffer.from(certificate));
    const elsewhere = grpcClient((await grpcOf(second.url, 'function/echo')).address, secure);
    const metadata = { 'last-event-id': String(events.at(-1)?.id) };
    const subscribe = { tenant: 'function/countdown', id };
    const resumed = streamGrpc(elsewhere, 'subscribeToTask', subscribe, metadata);
    for await (const event of resumed) events.push(eventOf(event));
    expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.state).toBe('TASK_STATE_COMPLETED');
    const seenAll = streamGrpc(elsewhere, 'subscribeToTask', subscribe, { 'last-event-id': String(events.length) });
    const [refusal] = (await once(seenAll, 'error')) as [ServiceError];
    expect(outcomeOf(refusal).info).toMatchObject({ reason: 'UNSUPPORTED_OPERATION' });
    elsewhere.close();
    first = await startServer({ entry, env: first.env });
    ({ address } = await grpcOf(first.url, 'function/echo'));
    client = grpcClient(address);
  });

  it('waits for a client that takes its time, and loses nothing', async () => {
    const message = Message.fromJSON({
      messageId: randomUUID(),
      role: 'ROLE_USER',
      parts: [{ data: { chunks: 400, bytes: 20_000 } }],
    });
    const stream = streamGrpc(client, 'sendStreamingMessage', { tenant: 'test/floods', message });
    await once(stream, 'readable');
    const { body } = await call('GET', `${first.url}/tasks?agent=test%2Ffloods`);
    const id = String(at(body, 'tasks', 0, 'id'));
    await until(
      async () => {
        const { body: task } = await call('GET', `${first.url}/tasks/${id}`);
        return at(task, 'status', 'state') === 'TASK_STATE_COMPLETED';
      },
      { what: 'the task to end, while nobody reads of it' },
    );
    const ids: unknown[] = [];
    let bytes = 0;
    for await (const event of stream) {
      ids.push(eventOf(event).id);
      const parts = at(event, 'payload', 'value', 'artifact', 'parts');
      bytes += Array.isArray(parts) ? textOf(parts).length : 0;
    }
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    expect(bytes).toBe(400 * 20_000);
  });

  it('goes without what no client takes in one message, and says where that is, as the task itself does', async () => {
    const floods = await connect(first.url, 'test/floods', 'GRPC');
    const task = await send(floods, { chunks: 4, bytes: 1_500_000 });
    const large = await send(floods, { chunks: 1, bytes: 5_000_000 }, { returnImmediately: true });
    const uri = (artifact: unknown) => at(artifact, 'metadata', 'urn:continuo:a2a:content:v1', 'uri');
    expect(task.artifacts.map(({ artifactId, parts }) => [artifactId, parts.length])).toEqual([
      [expect.any(String), 0],
    ]);
    expect(uri(task.artifacts[0])).toBe(`/tasks/${task.id}/artifacts/${task.artifacts[0]?.artifactId}`);
    const content = await fetch(`${first.url}${String(uri(task.artifacts[0]))}`);
    expect((await content.text()).length).toBe(6_000_000);
    const stream = streamGrpc(
      client,
      'subscribeToTask',
      { tenant: 'test/floods', id: large.id },
      { 'last-event-id': '0' },
    );
    const chunks: unknown[] = [];
    for await (const event of stream) chunks.push(at(event, 'payload', 'value', 'artifact'));
    expect(chunks.some((artifact) => String(uri(artifact)).startsWith(`/tasks/${large.id}/artifacts/`))).toBe(true);
  });

  it('is refused where there is nothing to follow, or no such place to go on from', async () => {
    const refused = async (asked: object, metadata = {}): Promise<Outcome> => {
      const stream = streamGrpc(client, 'subscribeToTask', asked, metadata);
      const [error] = (await once(stream, 'error')) as [ServiceError];
      return outcomeOf(error);
    };
    const { id } = await send(await connect(first.url, 'function/echo', 'GRPC'), 'done');
    expect(await refused({ ...echo, id })).toMatchObject({ info: { reason: 'UNSUPPORTED_OPERATION' } });
    expect(await refused({ ...echo, id: 'nothing' })).toMatchObject({ code: 'NOT_FOUND' });
    const wrong = await refused({ ...echo, id }, { 'last-event-id': 'seven' });
    expect(wrong).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [['Last-Event-ID', expect.any(String)]] });
    expect((await refused({ ...echo, id }, { 'last-event-id': '999' })).code).toBe('INVALID_ARGUMENT');
  });
});

it('outlives clients that reset their calls, and what is no gRPC at all', async () => {
  const body = A2AService.sendStreamingMessage.requestSerialize(
    sendTo('function/countdown', { steps: 40, delayMs: 50 }),
  );
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_PROTOCOL_ERROR, NGHTTP2_CANCEL } = constants;
  for (const code of [NGHTTP2_INTERNAL_ERROR, NGHTTP2_PROTOCOL_ERROR, NGHTTP2_CANCEL]) {
    for (const bytes of [Buffer.concat([head, body]), Buffer.concat([head, body.subarray(0, 9)])]) {
      const session = connectHttp2(`http://${address}`).on('error', () => undefined);
      const headers = { ':method': 'POST', ':path': A2AService.sendStreamingMessage.path, te: 'trailers' };
      const stream = session.request({ ...headers, 'content-type': 'application/grpc' }).on('error', () => undefined);
      stream.resume().write(bytes);
      if (bytes.length > 20) await once(stream.end(), 'data');
      const closed = new Promise((resolve) => stream.once('close', resolve));
      stream.close(code);
      await closed;
      session.destroy();
    }
  }
  const socket = connectTcp(Number(address.slice(address.lastIndexOf(':') + 1)), '127.0.0.1');
  socket.on('error', () => undefined).end('GET / HTTP/1.1\r\n\r\n');
  await once(socket.resume(), 'close');
  expect((await callGrpc(client, 'sendMessage', sendTo('function/echo', 'still there'))).code).toBe('OK');
});

it('does not start with what it can not be served with, and says why', async () => {
  const missing = { CONTINUO_GRPC_TLS_CERT: '/nowhere/cert.pem', CONTINUO_GRPC_TLS_KEY: '/nowhere/key.pem' };
  const taken = { CONTINUO_GRPC_PORT: address.slice(address.lastIndexOf(':') + 1) };
  const failures = [missing, taken].map((env) => startServer({ entry, env: { ...first.env, ...env, PORT: '0' } }));
  const [noFile, inUse] = (await Promise.allSettled(failures)).map((failed) =>
    failed.status === 'rejected' ? String(failed.reason) : 'it started',
  );
  expect(noFile).toContain("CONTINUO_GRPC_TLS_CERT names a file that can't be used: ENOENT");
  expect(inUse).toContain('or set CONTINUO_GRPC_PORT to another port');
});

it('says that it serves until it is told to stop, and answers what it was asked before', async () => {
  const Health = makeClientConstructor(healthService, 'health');
  const health = new Health(address, credentials.createInsecure());
  expect(await callGrpc(health, 'check', { service: 'lf.a2a.v1.A2AService' })).toMatchObject({
    answer: { status: 'SERVING' },
  });
  expect(await callGrpc(health, 'check', { service: 'other' })).toMatchObject({ code: 'NOT_FOUND' });
  const watched = streamGrpc(health, 'watch', { service: '' }) as ClientReadableStream<{ readonly status: string }>;
  watched.on('error', () => undefined);
  const statuses = on(watched, 'data');
  const next = async (): Promise<unknown> => at((await statuses.next()).value, 0, 'status');
  expect(await next()).toBe('SERVING');
  const contextId = randomUUID();
  const asked = callGrpc(
    client,
    'sendMessage',
    sendTo('function/countdown', { steps: 1, delayMs: 1_000 }, { contextId }),
  );
  await until(
    async () => at((await call('GET', `${first.url}/tasks?contextId=${contextId}`)).body, 'tasks', 0) !== undefined,
    {
      what: 'the task to begin',
    },
  );
  const following = streamGrpc(
    client,
    'sendStreamingMessage',
    sendTo('function/countdown', { steps: 1_000, delayMs: 100 }),
  );
  const ends: Promise<unknown[]> = once(following, 'error');
  let last: unknown;
  following.on('data', (event: unknown) => (last = eventOf(event).id));
  await until(() => last !== undefined, { what: 'the stream to begin' });
  const stopped = first.kill('SIGTERM');
  expect(await next()).toBe('NOT_SERVING');
  const refused = await callGrpc(client, 'sendMessage', sendTo('function/echo', 'too late'));
  expect(refused).toMatchObject({ code: 'UNAVAILABLE' });
  expect(await asked).toMatchObject({ code: 'OK' });
  expect(stateOf(at((await asked).answer, 'payload', 'value') as Task)).toBe('COMPLETED');
  // What is not over ends with the word to go on elsewhere, not as if it were.
  const [error] = (await ends) as [ServiceError];
  expect(outcomeOf(error)).toMatchObject({ code: 'UNAVAILABLE', details: ['ErrorInfo', 'RetryInfo'] });
  await stopped;
  health.close();
});
