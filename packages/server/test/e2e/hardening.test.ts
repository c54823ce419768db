/** What an attacker or an auditor would look at: headers of every answer, other sites' pages, stack traces, secrets in the log. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { call, callRpc } from '../support/http-calls.js';
import { startOpenAiServer } from '../support/openai-server.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const friend = 'https://console.example.com';
const secrets = {
  modelKey: 'sk-a-key-that-nobody-may-read',
  agentToken: 'a-token-of-a-remote-agent',
  toolToken: 'a-token-of-a-tool-server',
  callerKey: 'ck_0123456789ab_uvwxyzuvwxyzuvwxyzuvwxyzuvwxyzuvwxyz',
  inUrl: 'what-a-careless-client-put-in-the-query',
  password: 'a-password-in-an-address',
};
let server: ServerProcess;

beforeAll(async () => {
  const model = await startOpenAiServer();
  const told = `wrong key ${secrets.modelKey} for postgres://somebody:${secrets.password}@db.example.com/x`;
  model.otherwise(() => ({ kind: 'refusal', status: 400, message: told }));
  server = await startServer({
    env: {
      DATABASE_URL: (await createTestDatabase()).url,
      CONTINUO_LOG_LEVEL: 'trace',
      CONTINUO_CORS_ORIGINS: `${friend}, https://other.example.com`,
      CONTINUO_MODEL: 'openai-compatible/x',
      CONTINUO_MODEL_BASE_URL: model.baseUrl,
      CONTINUO_MODEL_API_KEY: secrets.modelKey,
      CONTINUO_EXTERNAL_AGENTS: JSON.stringify([
        { name: 'away', card: 'http://127.0.0.1:9/card', headers: { authorization: 'Bearer env:AWAY' } },
      ]),
      AWAY: secrets.agentToken,
      CONTINUO_MCP_SERVERS: JSON.stringify({
        tools: { url: 'http://127.0.0.1:9/', headers: { 'x-key': secrets.toolToken } },
      }),
    },
  });
});

describe('every answer', () => {
  it.each([
    ['GET', '/healthz', 200],
    ['GET', '/agents', 200],
    ['GET', '/agents/function/echo/.well-known/agent-card.json', 200],
    ['GET', '/tasks', 200],
    ['GET', '/tasks/no-task', 404],
    ['GET', '/nothing-here', 404],
    ['GET', '/agents/no/body', 404],
    ['GET', '/agents/%ff/x', 400],
    ['POST', '/agents/function/echo', 400],
    ['POST', '/agents/function/echo/message:send', 400],
    ['POST', '/sessions', 400],
  ])('of %s %s has the security headers, and no stack trace', async (method, path, status) => {
    const options = method === 'POST' ? { body: '{"broken' } : {};
    const answer = await call(method, server.url + path, options);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none';script-src 'self'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.js:\d|\bat \w+ \(/);
  });
});

describe('pages of other sites', () => {
  const ask = (origin: string) =>
    call('OPTIONS', `${server.url}/agents/function/echo`, {
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });

  it('that are listed may call', async () => {
    const { headers } = await ask(friend);
    expect(headers.get('access-control-allow-origin')).toBe(friend);
    expect(headers.get('access-control-allow-headers')).toBe('authorization');
    const answer = await call('GET', `${server.url}/agents`, { headers: { origin: friend } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(friend);
    expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
  });

  it('that are not may not', async () => {
    for (const origin of ['https://evil.example.com', 'null', `${friend}.evil.example.com`]) {
      expect((await ask(origin)).headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

it('no secret is in the log, whatever fails', async () => {
  const authorization = `Bearer ${secrets.callerKey}`;
  const headers = { authorization, cookie: `session=${secrets.callerKey}` };
  const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hello' }] };
  await callRpc(`${server.url}/agents/context/assistant`, 'SendMessage', { message }, headers);
  const atOnce = { message: { ...message, messageId: 'n' }, configuration: { returnImmediately: true } };
  await callRpc(`${server.url}/agents/external/away`, 'SendMessage', atOnce, headers);
  await call('GET', `${server.url}/tasks?access_token=${secrets.inUrl}`, { headers });
  await call('GET', `${server.url}/no/such/path?access_token=${secrets.inUrl}`, { headers });
  await until(() => server.output().includes('/no/such/path'), { what: 'the last request to be logged' });
  for (const secret of Object.values(secrets)) expect(server.output()).not.toContain(secret);
});
