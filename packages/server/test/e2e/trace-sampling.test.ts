/** What of traces is exported that are not sampled, and what becomes of tasks when nobody takes their traces. */
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { call, textAt } from '../support/http-calls.js';
import { startOtlpReceiver, type OtlpReceiver } from '../support/otlp-receiver.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { inState } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = fileURLToPath(new URL('../support/traced-server.mjs', import.meta.url));

let receiver: OtlpReceiver;

async function start(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const database = await createTestDatabase();
  const telemetry = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '50' };
  return startServer({ entry, env: { DATABASE_URL: database.url, ...telemetry, ...env } });
}

async function perform({ url }: ServerProcess, agent: string, state: string): Promise<string> {
  const { body } = await call('POST', `${url}/agents/test/${agent}/tasks`, { body: { message: 'go' } });
  const id = textAt(body, 'id');
  await inState(url, id, state);
  return id;
}

beforeEach(async () => {
  receiver = await startOtlpReceiver();
});

test('of what is not sampled a run that fails is exported, and no other', async () => {
  const server = await start({ OTEL_TRACES_SAMPLER: 'always_off' });
  await perform(server, 'works', 'COMPLETED');
  const id = await perform(server, 'fails', 'FAILED');
  const task = await receiver.span('task test/fails');
  const run = await receiver.span('run test/fails');
  const step = await receiver.span('step well');
  await server.kill('SIGTERM');

  expect(task).toMatchObject({
    attributes: { 'a2a.task.id': id, 'error.type': 'Error' },
    status: { code: 2, message: 'No luck.' },
  });
  expect(run).toMatchObject({ traceId: task.traceId, parentSpanId: task.spanId, status: { code: 2 } });
  expect(run.events).toMatchObject([{ name: 'exception', attributes: { 'exception.message': 'No luck.' } }]);
  expect(step).toMatchObject({ traceId: task.traceId, parentSpanId: run.spanId });
  expect(receiver.spans).toHaveLength(3);
});

test('nothing at all where that is not wanted', async () => {
  const server = await start({ OTEL_TRACES_SAMPLER: 'always_off', CONTINUO_TRACES_KEEP_FAILED: 'false' });
  await perform(server, 'fails', 'FAILED');
  await server.kill('SIGTERM');

  expect(receiver.spans).toEqual([]);
});

test.each([{ status: 503 }, 'never'] as const)(
  'a collector that says %o costs no task anything, and one warning',
  async (answer) => {
    receiver.answer = answer;
    const server = await start({ OTEL_EXPORTER_OTLP_TIMEOUT: '300' });
    for (let task = 0; task < 5; task += 1) await perform(server, 'works', 'COMPLETED');
    const warnings = (): number => server.output().split('traces could not be sent').length - 1;
    await until(() => warnings() > 0, { what: 'a warning' });
    const sent = receiver.headers.length;
    await perform(server, 'works', 'COMPLETED');
    await until(() => receiver.headers.length > sent, { what: 'another try' });

    expect(warnings()).toBe(1);
    receiver.answer = undefined;
    await perform(server, 'works', 'COMPLETED');
    await until(() => server.output().includes('traces are sent again'), { what: 'traces to be sent again' });
  },
);

test('a protocol that is not spoken stops the start with what to do', async () => {
  await expect(start({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).rejects.toThrow(
    'OTEL_EXPORTER_OTLP_PROTOCOL: expected http/protobuf or http/json',
  );
});
