/** One task, one trace: over a kill -9, a takeover, a wait, an answer at another instance, another server and a model. */
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { callRpc, textAt } from '../support/http-calls.js';
import { startOpenAiServer } from '../support/openai-server.js';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';
import { freePort, startServer, type ServerProcess } from '../support/server-process.js';
import { inState } from '../support/two-instances.js';

const entry = fileURLToPath(new URL('../support/traced-server.mjs', import.meta.url));
const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const TRACE = CALLER.slice(3, 35);

let receiver: OtlpReceiver;
let taskId: string;
/** The instance that took over, and the one that was told the answer. */
let second: string;
let third: string;

const names = (spans: readonly ReceivedSpan[]): readonly string[] => spans.map(({ name }) => name);
const linked = (span: ReceivedSpan): readonly string[] => span.links.map(({ spanId }) => spanId).toSorted();
const isOf =
  (attributes: Readonly<Record<string, unknown>>) =>
  (span: ReceivedSpan): boolean =>
    Object.entries(attributes).every(([name, value]) => span.attributes[name] === value);
const of = (service: string) => (span: ReceivedSpan) => span.resource['service.name'] === service;

function message(text: string, more = {}) {
  const own = { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text }], ...more };
  return { message: own, configuration: { returnImmediately: true } };
}

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const openAi = await startOpenAiServer();
  openAi.otherwise(() => ({ kind: 'answer', words: ['Sing, ', 'muse.'] }));
  const telemetry = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '50' };
  const database = await createTestDatabase();
  const port = await freePort();
  const remote = {
    PORT: String(port),
    OTEL_SERVICE_NAME: 'ithaca',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  };
  const start = (name: string, more = {}): Promise<ServerProcess> =>
    startServer({
      entry,
      env: {
        // Long enough for a busy machine to be taken for alive.
        CONTINUO_LEASE_MS: '10000',
        CONTINUO_HEARTBEAT_MS: '500',
        CONTINUO_SWEEP_MS: '100',
        ...telemetry,
        DATABASE_URL: database.url,
        OTEL_SERVICE_NAME: name,
        CONTINUO_EXTERNAL_AGENTS: `ithaca=http://127.0.0.1:${port}/agents/function/echo/.well-known/agent-card.json`,
        CONTINUO_MODEL: 'openai-compatible/test-model',
        CONTINUO_MODEL_BASE_URL: openAi.baseUrl,
        CONTINUO_MODEL_API_KEY: 'sk-secret',
        ...more,
      },
    });

  const [first, ...others] = await Promise.all([
    start('first', { STORM: 'true' }),
    start('second'),
    start('third'),
    startServer({ env: { ...telemetry, ...remote } }),
  ]);
  const { body } = await callRpc(`${first.url}/agents/test/odyssey`, 'SendMessage', message('go'), {
    traceparent: CALLER,
  });
  taskId = textAt(body, 'result', 'task', 'id');
  await receiver.span('step pack');
  await first.kill('SIGKILL');

  const took = await receiver.span('run test/odyssey', isOf({ 'continuo.run.outcome': 'suspended' }));
  [second, third] = took.resource['service.name'] === 'second' ? ['second', 'third'] : ['third', 'second'];
  const other = others.find(({ env }) => env['OTEL_SERVICE_NAME'] === third);
  await callRpc(`${other?.url}/agents/test/odyssey`, 'SendMessage', message('home', { taskId }));
  await inState(other?.url ?? '', taskId, 'COMPLETED');
  await receiver.span('task test/odyssey');
});

test('the run that died is told of by the one that took over, with what it had finished', async () => {
  const task = await receiver.span('task test/odyssey');
  const died = await receiver.span('run test/odyssey', isOf({ 'continuo.run.outcome': 'lost' }));
  const took = await receiver.span('run test/odyssey', (span) => of(second)(span) && span.spanId !== died.spanId);
  const request = await receiver.span('POST /agents/:type/:name', of('first'));

  expect(request).toMatchObject({ traceId: TRACE, parentSpanId: CALLER.slice(36, 52), kind: 2 });
  expect(task).toMatchObject({ traceId: TRACE, parentSpanId: request.spanId, attributes: { 'a2a.task.id': taskId } });
  expect(died).toMatchObject({ traceId: TRACE, parentSpanId: task.spanId, status: { code: 2 } });
  expect(took).toMatchObject({ traceId: TRACE, parentSpanId: task.spanId });
  expect(took.attributes['continuo.run.outcome']).toBe('suspended');
  expect(linked(took)).toEqual([died.spanId]);
  expect(await receiver.span('step pack')).toMatchObject({ traceId: TRACE, parentSpanId: died.spanId });
  expect(await receiver.span('step sail')).toMatchObject({ traceId: TRACE, parentSpanId: took.spanId });
  expect(names(receiver.spans).filter((name) => name.startsWith('step pack'))).toHaveLength(1);
});

test('the wait ends with the answer at a third instance, whose run is linked to it and to the run before', async () => {
  const task = await receiver.span('task test/odyssey');
  const took = await receiver.span('run test/odyssey', isOf({ 'continuo.run.outcome': 'suspended' }));
  const went = await receiver.span('run test/odyssey', of(third));
  const answer = await receiver.span('POST /agents/:type/:name', of(third));
  const wait = await receiver.span('wait question');

  expect(wait).toMatchObject({ traceId: TRACE, parentSpanId: task.spanId });
  expect(linked(wait)).toEqual([answer.spanId]);
  expect(went).toMatchObject({ traceId: TRACE, parentSpanId: task.spanId });
  expect(linked(went)).toEqual([took.spanId, answer.spanId].toSorted());
  expect(task.from).toBeLessThanOrEqual(wait.from);
  expect(task.to).toBeGreaterThanOrEqual(went.from);
});

test('the other server goes on with the same trace, below the call that it answers', async () => {
  const went = await receiver.span('run test/odyssey', of(third));
  const call = await receiver.span('call external/ithaca');
  const child = await receiver.span('task external/ithaca');
  const run = await receiver.span('run external/ithaca');
  const step = await receiver.span('step send');
  const sent = await receiver.span('SendMessage');
  const theirs = of('ithaca');
  const request = await receiver.span(
    'POST /agents/:type/:name',
    (span) => theirs(span) && span.parentSpanId === sent.spanId,
  );
  const task = await receiver.span('task function/echo', theirs);

  expect(call).toMatchObject({ traceId: TRACE, parentSpanId: went.spanId });
  expect(call.attributes).toMatchObject({ 'a2a.task.state': 'TASK_STATE_COMPLETED', 'continuo.wait.kind': 'child' });
  expect(child).toMatchObject({ traceId: TRACE, parentSpanId: call.spanId });
  expect(run).toMatchObject({ parentSpanId: child.spanId });
  expect(step).toMatchObject({ parentSpanId: run.spanId });
  expect(sent).toMatchObject({ traceId: TRACE, parentSpanId: step.spanId, kind: 3 });
  expect(request).toMatchObject({ traceId: TRACE, kind: 2 });
  expect(task).toMatchObject({ traceId: TRACE, parentSpanId: request.spanId });
  expect(await receiver.span('run function/echo', theirs)).toMatchObject({ traceId: TRACE, parentSpanId: task.spanId });
});

test('the model that was asked is named, with its tokens, and without a word of what was said', async () => {
  const chat = await receiver.span('chat test-model');
  const asked = receiver.spans.filter(({ spanId }) => spanId === chat.parentSpanId);

  expect(chat).toMatchObject({ traceId: TRACE, kind: 3 });
  expect(names(asked)).toEqual([expect.stringMatching(/^step /)]);
  expect(chat.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai-compatible',
    'gen_ai.request.model': 'test-model',
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.input_tokens': expect.any(Number),
    'gen_ai.usage.output_tokens': expect.any(Number),
  });
  expect(JSON.stringify(receiver.spans)).not.toMatch(/muse|Where to|sk-secret/);
});

test('nothing of it is in another trace, but for the request that answered and those that only looked', () => {
  const others = receiver.spans.filter(({ traceId }) => traceId !== TRACE);

  expect(new Set(names(others).map((name) => name.split(' ')[0]))).toEqual(new Set(['GET', 'POST']));
});
