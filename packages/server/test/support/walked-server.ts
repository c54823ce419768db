/** The server that the walks visit: its routes, an owner and strangers, each with keys of their own. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { A2ARequestHandler } from '@a2a-js/sdk/server';
import { restHandler, UserBuilder } from '@a2a-js/sdk/server/express';
import { DurableRequestHandler } from '../../src/a2a/durable-request-handler.js';
import { restEndpoint } from '../../src/a2a/rest-endpoint.js';
import { ApiKeys } from '../../src/auth/api-keys.js';
import { A2AAgent, A2AAgentBaseService, ContinuoModule, type TaskContext } from '../../src/index.js';
import type { Endpoints } from '../../src/nest/endpoints.js';
import type { Scope } from '../../src/platform/caller.js';
import { createTestDatabase } from './database.js';
import { routesOf } from './routes.js';
import type { Client } from './strangers.js';

@A2AAgent({ type: 'test', name: 'waiting', description: 'Works until it is stopped.' })
class WaitingAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<void> {
    const { signal } = task;
    await task.artifact({ artifactId: 'note', parts: 'a note of the owner' });
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }
}

/** The orchestrator's card is public. */
@A2AAgent({ type: 'orchestrator', name: 'default', description: 'Is there.' })
class QuietOrchestrator extends A2AAgentBaseService {
  override async execute(): Promise<void> {}
}

/** What is internal, and left out of the types. */
interface Serving {
  readonly endpoints: Endpoints;
}

export interface WalkedServer {
  readonly url: string;
  readonly databaseUrl: string;
  /** `METHOD path`: those of the server itself, and those that A2A's bindings have below each agent. */
  readonly routes: { readonly own: readonly string[]; readonly ofA2A: readonly string[] };
  client(name: string, tenant: string, scopes: readonly Scope[]): Promise<Client>;
  close(): Promise<void>;
}

export async function walkedServer(): Promise<WalkedServer> {
  const { url: databaseUrl } = await createTestDatabase();
  const env = {
    DATABASE_URL: databaseUrl,
    CONTINUO_LOG_LEVEL: 'silent',
    CONTINUO_AUTH: 'keys',
    CONTINUO_WEBHOOK_ALLOW: '127.0.0.1',
    CONTINUO_DRAIN_MS: '0',
  };
  const app = await NestFactory.create<NestExpressApplication>(
    ContinuoModule.forRoot({ agents: [WaitingAgent, QuietOrchestrator], env }),
    { bodyParser: false, logger: false },
  );
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const keys = app.get(ApiKeys);
  return {
    url,
    databaseUrl,
    routes: {
      own: routesOf(app.get<ContinuoModule, Serving>(ContinuoModule).endpoints.router),
      ofA2A: routesOfA2A(),
    },
    client: async (name, tenant, scopes) => {
      const { key = '' } = await keys.create({ name, owner: name, tenant, scopes });
      return { url, tenant, headers: { authorization: `Bearer ${key}` } };
    },
    close: () => app.close(),
  };
}

function routesOfA2A(): readonly string[] {
  const handler = Object.create(DurableRequestHandler.prototype) as A2ARequestHandler & DurableRequestHandler;
  const sdk = restHandler({
    requestHandler: handler,
    userBuilder: UserBuilder.noAuthentication,
    legacyCompat: { enabled: true },
  });
  const below = [...routesOf(restEndpoint(handler, () => undefined)), ...routesOf(sdk)];
  return [...below.map((route) => route.replace(' ', ' /agents/:type/:name')), 'POST /agents/:type/:name'];
}
