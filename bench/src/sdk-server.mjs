/** The server to compare with: @a2a-js/sdk with its DatabaseTaskStore on PostgreSQL (`DATABASE_URL`, `PORT`); `BENCH_STORE=memory`: in memory. */
import { DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server';
import { DatabaseTaskStore } from '@a2a-js/sdk/server/database';
import { jsonRpcHandler, UserBuilder } from '@a2a-js/sdk/server/express';
import express from 'express';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { echoExecutor, streamExecutor } from './sdk-agents.mjs';

/** Of 10, 20 and 40 connections none was clearly faster; 20 was never the slowest. */
const POOL_SIZE = 20;

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: POOL_SIZE });
const taskStore =
  process.env.BENCH_STORE === 'memory'
    ? new InMemoryTaskStore()
    : new DatabaseTaskStore(new Kysely({ dialect: new PostgresDialect({ pool }) }));
const port = Number(process.env.PORT);

/** @param {string} name @returns {import("@a2a-js/sdk").AgentCard} */
const card = (name) => ({
  name,
  description: `The bench's ${name} agent`,
  version: '1.0.0',
  supportedInterfaces: [
    {
      url: `http://127.0.0.1:${port}/agents/bench/${name}`,
      protocolBinding: 'JSONRPC',
      tenant: '',
      protocolVersion: '1.0',
    },
  ],
  provider: undefined,
  capabilities: { streaming: true, pushNotifications: false, extensions: [], extendedAgentCard: false },
  securitySchemes: {},
  securityRequirements: [],
  defaultInputModes: ['text'],
  defaultOutputModes: ['text'],
  skills: [],
  documentationUrl: '',
  signatures: [],
});

const app = express();
for (const [name, executor] of Object.entries({ echo: echoExecutor, stream: streamExecutor })) {
  app.use(
    `/agents/bench/${name}`,
    jsonRpcHandler({
      requestHandler: new DefaultRequestHandler(card(name), taskStore, executor),
      userBuilder: UserBuilder.noAuthentication,
    }),
  );
}
app.get('/readyz', (_request, response) => void response.json({ status: 'ready' }));
const server = app.listen(port, '127.0.0.1');

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void pool.end();
});
