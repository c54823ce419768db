/** MCP servers that want tokens of an authorization server, which the server gets by itself. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { McpOAuth } from '@continuo/agent/internal/platform/mcp-server.js';
import type { TokenStore } from '../../src/agents/tools/mcp/kept-tokens.js';
import { McpTools } from '../../src/agents/tools/mcp-tools.js';
import { RefreshTokens } from '../../src/auth/refresh-tokens.js';
import { Database } from '../../src/platform/database.js';
import { Egress } from '../../src/platform/egress/egress.js';
import { createLog, secretsOf } from '../../src/platform/log.js';
import { parseMcpServers } from '../../src/platform/mcp-servers.js';
import { startAuthorizationServer, type AuthorizationServer } from '../support/authorization-server.js';
import { createTestDatabase } from '../support/database.js';
import { mcpParts } from '../support/mcp-parts.js';
import { OddMcpServer, type Answer } from '../support/odd-mcp-server.js';
import { afterThisTest } from '../support/outcome.js';
import { runOn } from '../support/postgres.js';
import { run } from '../support/run-tool.js';

const client = { id: 'continuo', secret: 'the-client-secret' };
const oauth = { clientId: client.id, clientSecret: client.secret, scope: 'tools' };
let issuer: AuthorizationServer;
let mcp: OddMcpServer;

beforeAll(async () => {
  issuer = await startAuthorizationServer(client);
  mcp = await guarded(issuer);
});

/** Wants a token of the authorization server that it names. */
async function guarded(by: AuthorizationServer, authorizationServer = by.url): Promise<OddMcpServer> {
  const server = await OddMcpServer.start();
  const { origin } = new URL(server.url);
  const document = `${origin}/.well-known/oauth-protected-resource/mcp`;
  const named: Answer = {
    status: 200,
    body: JSON.stringify({ resource: server.url, authorization_servers: [authorizationServer] }),
    headers: { 'content-type': 'application/json' },
  };
  const refused: Answer = {
    status: 401,
    body: '',
    headers: { 'www-authenticate': `Bearer resource_metadata="${document}"` },
  };
  server.refuses = ({ url = '', headers }) => {
    if (url.startsWith('/.well-known/oauth-protected-resource')) return named;
    return by.knows(headers.authorization) ? undefined : refused;
  };
  return server;
}

interface Settings {
  readonly url?: string;
  readonly local?: boolean;
  readonly tokens?: TokenStore;
}

function users(settings: McpOAuth, { url = mcp.url, local = true, tokens }: Settings = {}) {
  const warnings: Record<string, unknown>[] = [];
  const log = { warn: (fields: Record<string, unknown>) => void warnings.push(fields) };
  const egress = new Egress({ allow: [], local });
  const web = { url, oauth: settings, headers: { 'x-key': 'key-of-web' } };
  const tools = new McpTools({ web }, mcpParts({ log, egress, ...(tokens && { tokens }) }));
  afterThisTest(() => tools.onApplicationShutdown());
  return { tools: async () => tools.of('all'), warnings };
}

it('finds the authorization server, which gets no more than it needs, and gets tokens as long as they are needed', async () => {
  const { tools } = users(oauth);
  const { web_ping: ping } = await tools();
  expect(await run(ping)).toBe('ping ran');
  const before = issuer.asked.length;
  issuer.revoke();
  expect(await Promise.all([run(ping), run(ping), run(ping)])).toEqual(['ping ran', 'ping ran', 'ping ran']);
  // One for all that were refused at once.
  expect(issuer.asked.slice(before)).toEqual([
    expect.objectContaining({ grant_type: 'client_credentials', scope: 'tools', resource: mcp.url, key: '' }),
  ]);
  expect(mcp.count('initialize')).toBe(1);
});

it('goes on with the refresh token that it was given, and with those that come after it', async () => {
  const { tools } = users({ ...oauth, refreshToken: 'refresh-token-0' });
  const { web_ping: ping } = await tools();
  issuer.revoke();
  expect(await run(ping)).toBe('ping ran');
  const refreshed = issuer.asked.filter(({ grant_type: grant }) => grant === 'refresh_token');
  expect(refreshed[0]).toMatchObject({ refresh_token: 'refresh-token-0' });
  expect(refreshed[1]?.['refresh_token']).toMatch(/^refresh-token-[1-9]/);
});

describe('a refresh token that is replaced with each use', () => {
  const settings = { ...oauth, refreshToken: 'refresh-token-0' };

  async function rotating() {
    const own = await startAuthorizationServer(client);
    const [{ url }, database] = await Promise.all([guarded(own), createTestDatabase()]);
    const process = () => {
      const db = new Database(database.url, { poolSize: 2, log: createLog('silent') });
      afterThisTest(() => db.close());
      return users(settings, { url, tokens: new RefreshTokens(db) }).tools;
    };
    return { own, databaseUrl: database.url, process };
  }

  it('is the newest after a restart, and in the database nobody can read it', async () => {
    const { own, databaseUrl, process } = await rotating();
    for (const start of [1, 2, 3]) {
      own.revoke();
      const { web_ping: ping } = await process()();
      expect([start, await run(ping)]).toEqual([start, 'ping ran']);
    }
    expect(own.asked.map(({ refresh_token: token }) => token)).toEqual([
      'refresh-token-0',
      'refresh-token-1',
      'refresh-token-2',
    ]);
    const rows = await runOn(databaseUrl, 'SELECT id, token FROM refresh_tokens');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('refresh-token');
  });

  it('is used by one process at a time', async () => {
    const { own, process } = await rotating();
    const all = await Promise.all([process(), process(), process()].map((tools) => tools()));
    own.revoke();
    expect(await Promise.all(all.map(({ web_ping: ping }) => run(ping)))).toEqual(['ping ran', 'ping ran', 'ping ran']);
    const used = own.asked.map(({ refresh_token: token }) => token);
    expect(new Set(used).size).toBe(used.length);
  });

  it('is not lost to the next process when the authorization server fails', async () => {
    const { own, process } = await rotating();
    await process()();
    own.revoke();
    own.fails = true;
    expect(await process()()).toEqual({});
    own.fails = false;
    expect(Object.keys(await process()())).toEqual(['web_ping']);
  });

  it('makes way for another one that is configured', async () => {
    const { own, databaseUrl, process } = await rotating();
    await process()();
    own.revoke();
    own.issue('refresh-token-of-ann');
    const db = new Database(databaseUrl, { poolSize: 2, log: createLog('silent') });
    afterThisTest(() => db.close());
    const tokens = new RefreshTokens(db);
    const another = { ...settings, refreshToken: 'refresh-token-of-ann' };
    const { url } = await guarded(own);
    expect(Object.keys(await users(another, { url, tokens }).tools())).toEqual(['web_ping']);
  });
});

it('asks where the configuration says that tokens are given out, and nobody else', async () => {
  const lost = await guarded(issuer, 'http://127.0.0.1:1');
  const { tools } = users({ ...oauth, tokenUrl: `${issuer.url}/token` }, { url: lost.url, local: false });
  expect(Object.keys(await tools())).toEqual(['web_ping']);
});

it('calls no address that a server names and egress refuses', async () => {
  const before = issuer.asked.length;
  const { tools, warnings } = users(oauth, { local: false });
  expect(await tools()).toEqual({});
  expect(warnings).toEqual([{ server: 'web', err: expect.stringContaining('only https:// is called') as unknown }]);
  expect(issuer.asked).toHaveLength(before);
});

it('shows the credentials of one authorization server to no other', async () => {
  const before = issuer.asked.length;
  const { tools, warnings } = users({ ...oauth, issuer: 'https://issuer.example' });
  expect(await tools()).toEqual({});
  expect(warnings[0]?.['err']).toContain('https://issuer.example');
  expect(issuer.asked).toHaveLength(before);
});

it('says no secret when it is refused', async () => {
  const { tools, warnings } = users({ ...oauth, clientSecret: 'a-wrong-secret' });
  expect(await tools()).toEqual({});
  expect(warnings[0]?.['err']).toContain('No token could be had: invalid_client');
  expect(JSON.stringify(warnings)).not.toMatch(/a-wrong-secret|Basic /);
});

it('says no secret when a server repeats it', async () => {
  const { tools } = users(oauth);
  const { web_ping: ping } = await tools();
  const { refuses } = mcp;
  mcp.refuses = ({ method, headers }) =>
    method === 'POST' ? { status: 500, body: `Not ${headers.authorization}, ${String(headers['x-key'])}` } : undefined;
  const told = String(await run(ping));
  mcp.refuses = refuses;
  expect(told).toContain('Not Bearer [hidden], [hidden]');
  expect(await run(ping)).toBe('ping ran');
});

it('is configured with a secret or a refresh token, which are hidden wherever they turn up in the log', () => {
  const configured = (settings: unknown): unknown =>
    parseMcpServers(JSON.stringify({ web: { url: 'https://mcp.example/', oauth: settings } }));
  expect(configured({ ...oauth, refreshToken: 'a-refresh-token' })).toBeDefined();
  for (const wrong of [{}, { clientId: 'x' }, { ...oauth, tokenUrl: 'token' }, { ...oauth, redirectUri: 'x' }]) {
    expect(configured(wrong)).toBeUndefined();
  }
  const servers = { web: { url: 'https://mcp.example/', oauth: { ...oauth, refreshToken: 'a-refresh-token' } } };
  const nothing = { databaseUrl: undefined, modelApiKey: undefined, externalAgents: [], mcpServers: servers };
  expect(secretsOf(nothing)).toEqual(expect.arrayContaining([client.secret, 'a-refresh-token']));
});
