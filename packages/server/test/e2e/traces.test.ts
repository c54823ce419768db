/** A task's trace, as a collector gets it: from the request on, over runs and waits, to its end. */
import { beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { call, callRpc, textAt } from '../support/http-calls.js';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { inState } from '../support/two-instances.js';
import { until } from '../support/until.js';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../support/agents-server.mjs', import.meta.url));
const CALLER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

let receiver: OtlpReceiver;
let server: ServerProcess;

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-collector=a%20secret',
    OTEL_SERVICE_NAME: 'refunds',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    CONTINUO_LOG_LEVEL: 'debug',
  };
  server = await startServer({ entry, env });
});

const message = (text: string, more = {}) => ({
  message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text }], ...more },
});

test('a task is one trace, which its caller began: request, task, run and steps', async () => {
  const { body } = await callRpc(`${server.url}/agents/test/flaky`, 'SendMessage', message('go'), {
    traceparent: CALLER,
  });
  const id = textAt(body, 'result', 'task', 'id');
  const task = await receiver.span('task test/flaky');
  const [request, run, step] = await Promise.all([
    receiver.span('POST /agents/:type/:name'),
    receiver.span('run test/flaky'),
    receiver.span('step unsteady'),
  ]);

  expect([request, task, run, step].map(({ traceId }) => traceId)).toEqual(
    Array(4).fill('4bf92f3577b34da6a3ce929d0e0e4736'),
  );
  expect(request).toMatchObject({
    parentSpanId: '00f067aa0ba902b7',
    kind: 2,
    attributes: { 'http.response.status_code': 200 },
  });
  expect(task).toMatchObject({
    parentSpanId: request.spanId,
    attributes: { 'a2a.task.id': id, 'a2a.task.state': 'TASK_STATE_COMPLETED' },
  });
  expect(run).toMatchObject({ parentSpanId: task.spanId, attributes: { 'continuo.run.outcome': 'ended' } });
  expect(step).toMatchObject({ parentSpanId: run.spanId, attributes: { 'continuo.step.attempts': 3 } });
  expect(task.resource).toMatchObject({ 'service.name': 'refunds', 'deployment.environment.name': 'test' });
  expect(receiver.headers[0]).toMatchObject({ 'x-collector': 'a secret', 'content-type': 'application/x-protobuf' });
  expect(server.output()).not.toContain('a secret');
});

test('a wait for a person is a span, linked to the request that ended it, as is the run behind it', async () => {
  const begun = await call('POST', `${server.url}/agents/test/asks-twice/tasks`, { body: { message: 'go' } });
  const id = textAt(begun.body, 'id');
  await inState(server.url, id, 'INPUT_REQUIRED');
  await callRpc(`${server.url}/agents/test/asks-twice`, 'SendMessage', message('Ada', { taskId: id }), {
    traceparent: CALLER,
  });
  await inState(server.url, id, 'INPUT_REQUIRED');

  const isOfIt = (span: { attributes: Readonly<Record<string, unknown>> }): boolean =>
    span.attributes['a2a.task.id'] === id;
  const wait = await receiver.span('wait question', isOfIt);
  const second = await receiver.span('run test/asks-twice', (run) => isOfIt(run) && run.links.length > 0);
  const first = await receiver.span('run test/asks-twice', (run) => isOfIt(run) && run.links.length === 0);
  const answer = await receiver.span(
    'POST /agents/:type/:name',
    ({ traceId, spanId }) => traceId === CALLER.slice(3, 35) && wait.links.some((link) => link.spanId === spanId),
  );

  expect(new Set([wait, first, second].map(({ traceId }) => traceId)).size).toBe(1);
  expect(new Set([wait, first, second].map(({ parentSpanId }) => parentSpanId)).size).toBe(1);
  expect(second.links.map(({ spanId }) => spanId).toSorted()).toEqual([first.spanId, answer.spanId].toSorted());
  expect(wait.from).toBeLessThanOrEqual(wait.to);
});

test('log lines of a run and of a request have their trace and span; others have none', async () => {
  const { body } = await callRpc(`${server.url}/agents/test/logs`, 'SendMessage', message('go'));
  const id = textAt(body, 'result', 'task', 'id');
  const run = await receiver.span('run test/logs', ({ attributes }) => attributes['a2a.task.id'] === id);
  const inTrace = ({ traceId }: ReceivedSpan): boolean => traceId === run.traceId;
  const [step, request] = await Promise.all([
    receiver.span('step look', inTrace),
    receiver.span('POST /agents/:type/:name', inTrace),
  ]);

  const idsOf = (text: string): Promise<unknown> =>
    until(() => lines().find(({ msg }) => msg === text), { what: `the line "${text}"` }).then(
      ({ trace_id, span_id }) => ({
        trace_id,
        span_id,
      }),
    );
  expect(await idsOf('the run logs')).toEqual({ trace_id: run.traceId, span_id: run.spanId });
  expect(await idsOf('the step logs')).toEqual({ trace_id: run.traceId, span_id: step.spanId });
  await until(() => lines().some(({ msg, span_id }) => msg === 'request completed' && span_id === request.spanId), {
    what: 'the line of the request',
  });
  expect(await idsOf('ready to run agents')).toEqual({});
});

function lines(): readonly Readonly<Record<string, unknown>>[] {
  return server
    .output()
    .split('\n')
    .flatMap((line) =>
      line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line) as Record<string, unknown>] : [],
    );
}
