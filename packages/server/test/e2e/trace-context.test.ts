/** How a trace comes in and goes on: over every binding, to remote agents, MCP servers and webhooks. */
import { beforeAll, expect, test, vi } from 'vitest';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { request } from '../support/a2a-client.js';
import { call, callRpc, textAt } from '../support/http-calls.js';
import { callGrpc, grpcClient, grpcOf } from '../support/grpc-calls.js';
import { startModelServer, type ModelServer } from '../support/model-server.js';
import { OddMcpServer } from '../support/odd-mcp-server.js';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';
import { startRemoteA2AAgent, type RemoteA2AAgent } from '../support/remote-a2a-agent.js';
import { inState } from '../support/two-instances.js';
import { startReceiver, type ReceiverEndpoint } from '../support/webhook-receiver.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';

@A2AAgent({ type: 'test', name: 'tools', description: 'Uses tools.' })
class ToolAgent extends ContextAgentBaseService {
  protected readonly context = 'Be brief.';
  protected override readonly mcp = 'all' as const;
}

const BINDINGS = ['JSONRPC', 'HTTP+JSON', 'GRPC'] as const;
const SPAN = 'b7ad6b7169203331';

let otlp: OtlpReceiver;
let server: ModelServer;
let mcp: OddMcpServer;
const mcpParents = new Set<string>();
const remotes = new Map<string, RemoteA2AAgent>();
let hook: ReceiverEndpoint;

/** A new one, sampled. */
function caller(): { readonly traceId: string; readonly traceparent: string } {
  const traceId = crypto.randomUUID().replaceAll('-', '');
  return { traceId, traceparent: `00-${traceId}-${SPAN}-01` };
}

const said = (text: string, more = {}) => ({
  messageId: crypto.randomUUID(),
  role: 'ROLE_USER',
  parts: [{ text }],
  ...more,
});
const inTrace =
  (traceId: string) =>
  (span: ReceivedSpan): boolean =>
    span.traceId === traceId;

beforeAll(async () => {
  // The SDK itself reads it; without it each test would wait for five seconds.
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '50');
  otlp = await startOtlpReceiver();
  mcp = await OddMcpServer.start();
  mcp.refuses = ({ headers }) => {
    if (headers.traceparent !== undefined) mcpParents.add(String(headers.traceparent));
    return undefined;
  };
  for (const transport of BINDINGS) remotes.set(transport, await startRemoteA2AAgent({ transport }));
  const external = [...remotes].map(
    ([binding, { cardUrl }]) => `${binding.toLowerCase().replace('+', '-')}=${cardUrl}`,
  );
  hook = (await startReceiver()).at('hook');
  server = await startModelServer([EchoAgent, ToolAgent], {
    CONTINUO_GRPC_PORT: '0',
    CONTINUO_EXTERNAL_AGENTS: external.join(','),
    CONTINUO_MCP_SERVERS: `odd=${mcp.url}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
  });
});

const ways: readonly (readonly [string, (traceparent: string) => Promise<unknown>])[] = [
  [
    'JSON-RPC',
    (traceparent) =>
      callRpc(`${server.url}/agents/function/echo`, 'SendMessage', { message: said('hi') }, { traceparent }),
  ],
  [
    'HTTP+JSON',
    (traceparent) =>
      call('POST', `${server.url}/agents/function/echo/message:send`, {
        body: { message: said('hi') },
        headers: { traceparent, 'a2a-version': '1.0' },
      }),
  ],
  [
    'the HTTP API',
    (traceparent) =>
      call('POST', `${server.url}/agents/function/echo/tasks`, {
        body: { message: 'hi', wait: true },
        headers: { traceparent },
      }),
  ],
  [
    'gRPC',
    async (traceparent) => {
      const { address, tenant } = await grpcOf(server.url, 'function/echo');
      const client = grpcClient(address);
      const metadata = { traceparent, 'a2a-version': '1.0' };
      const outcome = await callGrpc(client, 'sendMessage', { ...request('hi'), tenant }, { metadata });
      client.close();
      return outcome;
    },
  ],
];

test.each(ways)("a call over %s continues its caller's trace", async (_, send) => {
  const { traceId, traceparent } = caller();
  const answer = await send(traceparent);
  const task = await otlp.span('task function/echo', inTrace(traceId)).catch((error: unknown) => {
    throw new Error(JSON.stringify(answer), { cause: error });
  });
  const asked = otlp.spans.find(({ spanId }) => spanId === task.parentSpanId);

  expect(asked).toMatchObject({ traceId, parentSpanId: SPAN, kind: 2 });
});

test.each(['00-zz-1-01', `00-${'0'.repeat(32)}-${SPAN}-01`, 'ff', ''])(
  'the traceparent %j is none',
  async (traceparent) => {
    const { status } = await call('POST', `${server.url}/agents/function/echo/tasks`, {
      body: { message: 'hi', wait: true },
      headers: { traceparent },
    });

    expect(status).toBe(201);
  },
);

test.each(BINDINGS)('a remote agent over %s is told where in the trace it is called', async (binding) => {
  const { traceId, traceparent } = caller();
  const name = binding.toLowerCase().replace('+', '-');
  const { body } = await call('POST', `${server.url}/agents/external/${name}/tasks`, {
    body: { message: 'hello' },
    headers: { traceparent },
  });
  await inState(server.url, textAt(body, 'id'), 'COMPLETED');
  const sent = await otlp.span('SendMessage', inTrace(traceId));

  expect([...(remotes.get(binding)?.traceparents ?? [])]).toContain(`00-${traceId}-${sent.spanId}-01`);
  expect(sent).toMatchObject({ kind: 3, attributes: { 'a2a.method.name': 'SendMessage' } });
});

test('a tool of an MCP server is a span of the model that wanted it, and of the server that has it', async () => {
  const { traceId, traceparent } = caller();
  server.openAi.next({ kind: 'calls', calls: [{ name: 'odd_ping', input: {} }] }, { kind: 'answer', words: ['Done.'] });
  const { body } = await call('POST', `${server.url}/agents/test/tools/tasks`, {
    body: { message: 'Ping it, with sk-secret.' },
    headers: { traceparent },
  });
  await inState(server.url, textAt(body, 'id'), 'COMPLETED');
  const tool = await otlp.span('execute_tool odd_ping', inTrace(traceId));
  const asked = await otlp.span('tools/call ping', inTrace(traceId));
  const chat = await otlp.span('chat test-model', inTrace(traceId));

  expect(tool.attributes).toMatchObject({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'odd_ping' });
  expect(asked).toMatchObject({ parentSpanId: tool.spanId, kind: 3, attributes: { 'mcp.method.name': 'tools/call' } });
  expect([...mcpParents]).toContain(`00-${traceId}-${asked.spanId}-01`);
  expect(chat.attributes['gen_ai.response.finish_reasons']).toEqual(['tool_calls']);
  // The key of the model is configured here, so that it is known as a secret.
  expect(chat.attributes['gen_ai.input.messages']).toContain('Ping it, with ');
  expect(chat.attributes['gen_ai.input.messages']).not.toContain('sk-secret');
});

test("a webhook is told of its task's trace", async () => {
  const { traceId, traceparent } = caller();
  const configuration = { taskPushNotificationConfig: { url: hook.url } };
  const params = { message: said('hi'), configuration };
  await callRpc(`${server.url}/agents/function/echo`, 'SendMessage', params, { traceparent });
  const delivery = await otlp.span('deliver webhook', inTrace(traceId));
  const task = await otlp.span('task function/echo', inTrace(traceId));

  expect(delivery).toMatchObject({ parentSpanId: task.spanId, attributes: { 'http.response.status_code': 200 } });
  const got = hook.received.map(({ headers }) => headers['traceparent']);
  expect(got).toContain(`00-${traceId}-${delivery.spanId}-01`);
});
