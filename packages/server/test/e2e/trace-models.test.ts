/** Calls of embedding models, and the rounds that draw memories, as spans. */
import { Inject } from '@nestjs/common';
import { beforeAll, expect, test, vi } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import { EMBEDDINGS, type Embeddings } from '@continuo/agent/internal/agents/models/embeddings.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { startEmbeddingsServer, type EmbeddingsServer } from '../support/embeddings-server.js';
import { call, textAt } from '../support/http-calls.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';
import { afterThisTest } from '../support/outcome.js';

@A2AAgent({ type: 'test', name: 'compares', description: 'Compares texts by what they mean.' })
class ComparingAgent extends A2AAgentBaseService {
  constructor(@Inject(EMBEDDINGS) private readonly embeddings: Embeddings) {
    super();
  }

  override async execute(task: TaskContext): Promise<string> {
    const vectors = await task.step('embed', () => this.embeddings.embed([task.text, 'a text']), { maxAttempts: 1 });
    return JSON.stringify(vectors);
  }
}

@A2AAgent({ type: 'test', name: 'remembers', description: 'Remembers.', memory: true })
class RememberingAgent extends ContextAgentBaseService {
  protected override readonly context = 'You remember.';
}

let otlp: OtlpReceiver;
let embeddings: EmbeddingsServer;
let openAi: OpenAiServer;
let url: string;

beforeAll(async () => {
  // The SDK itself reads it; without it each test would wait for five seconds.
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '50');
  [otlp, embeddings, openAi] = await Promise.all([startOtlpReceiver(), startEmbeddingsServer(), startOpenAiServer()]);
  const database = await createTestDatabase();
  const env = {
    PORT: '0',
    DATABASE_URL: database.url,
    CONTINUO_LOG_LEVEL: 'silent',
    CONTINUO_MODEL: 'openai-compatible/test-model',
    CONTINUO_EMBEDDING_MODEL: 'openai/text-embedding-test',
    CONTINUO_MODEL_BASE_URL: JSON.stringify({ 'openai-compatible': openAi.baseUrl, openai: embeddings.url }),
    CONTINUO_MODEL_API_KEY: JSON.stringify({ 'openai-compatible': 'sk-chat', openai: 'sk-openai' }),
    CONTINUO_MEMORY_DELAY_MS: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
  };
  const server = await startServer({ agents: [ComparingAgent, RememberingAgent], env });
  afterThisTest(() => server.stop());
  ({ url } = server);
});

/** The trace of a new task, once it has settled. */
async function traceOf(agent: string, message: string): Promise<(span: ReceivedSpan) => boolean> {
  const { body } = await call('POST', `${url}/agents/${agent}/tasks`, { body: { message, wait: true } });
  const task = await otlp.span(`task ${agent}`, ({ attributes }) => attributes['a2a.task.id'] === textAt(body, 'id'));
  return ({ traceId }) => traceId === task.traceId;
}

test('a call of an embedding model is a span of the step that makes it, with its tokens and without the texts', async () => {
  const inTrace = await traceOf('test/compares', 'My dog barks.');
  const step = await otlp.span('step embed', inTrace);

  const span = await otlp.span('embeddings text-embedding-test', inTrace);
  expect(span).toMatchObject({ parentSpanId: step.spanId, kind: 3, status: {}, events: [] });
  expect(span.attributes).toEqual({
    'gen_ai.operation.name': 'embeddings',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'text-embedding-test',
    'gen_ai.usage.input_tokens': 2,
    'gen_ai.embeddings.dimension.count': 2,
  });
});

test('an embedding model that refuses fails its span', async () => {
  embeddings.refusal = 401;
  const inTrace = await traceOf('test/compares', 'My cat purrs.');

  const span = await otlp.span('embeddings text-embedding-test', inTrace);
  expect(span).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'TerminalError' } });
  expect(span.events.map(({ name }) => name)).toEqual(['exception']);
});

test('a round that draws memories is a trace of its own: its task, run and steps, and the model that draws', async () => {
  openAi.next(
    { kind: 'answer', words: ['Hello ', 'Ada.'] },
    { kind: 'answer', words: [JSON.stringify({ notes: [], outdated: [] })] },
  );
  await traceOf('test/remembers', 'My name is Ada.');
  const task = await otlp.span('task memory/keeper');
  const inTrace = ({ traceId }: ReceivedSpan): boolean => traceId === task.traceId;

  const [accepted, run, look, draw, keep, chat] = await Promise.all(
    ['accept memory/keeper', 'run memory/keeper', 'step look', 'step draw', 'step keep', 'chat test-model'].map(
      (name) => otlp.span(name, inTrace),
    ),
  );
  expect(task.parentSpanId).toBe(accepted?.spanId);
  expect(run?.parentSpanId).toBe(task.spanId);
  for (const step of [look, draw, keep]) expect(step?.parentSpanId).toBe(run?.spanId);
  expect(chat?.parentSpanId).toBe(draw?.spanId);
  expect(chat?.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.usage.input_tokens': expect.any(Number),
    'gen_ai.usage.output_tokens': expect.any(Number),
  });
});
