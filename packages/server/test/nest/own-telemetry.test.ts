/** An application that has set up OpenTelemetry by itself: its SDK makes the spans, and stays as it is. */
import { context, propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { SlotContextManager } from '../../src/platform/telemetry/slot-context-manager.js';
import { call } from '../support/http-calls.js';
import { startNestServer } from '../support/nest-server.js';
import { until } from '../support/until.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

beforeAll(() => {
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new SlotContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});

afterAll(() => provider.shutdown());

it("gets the spans of one trace, sends them where it sends its own, and isn't changed", async () => {
  const { app, url } = await startNestServer([EchoAgent], { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
  const headers = { traceparent: `00-${TRACE}-b7ad6b7169203331-01` };
  await call('POST', `${url}/agents/function/echo/tasks`, { body: { message: 'hi', wait: true }, headers });
  const named = (name: string) => exporter.getFinishedSpans().find((span) => span.name === name);
  const [request, task, run] = await until(
    () => {
      const all = [named('POST /agents/:type/:name/tasks'), named('task function/echo'), named('run function/echo')];
      return all.every((span) => span !== undefined) && all;
    },
    { what: 'the spans' },
  );
  await app.close();

  expect([request, task, run].map((span) => span?.spanContext().traceId)).toEqual([TRACE, TRACE, TRACE]);
  expect(task?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
  expect(run?.parentSpanContext?.spanId).toBe(task?.spanContext().spanId);
  expect(trace.getTracer('mine').startSpan('mine').isRecording()).toBe(true);
});
