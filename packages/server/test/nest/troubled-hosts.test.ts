/** What an application does wrong around Continuo is told by name, and what its guards know stays with it. */
import 'reflect-metadata';
import { Inject, Injectable, Module, Scope, type CanActivate } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, ContinuoModule } from '../../src/index.js';
import { createTestDatabase } from '../support/database.js';
import { call, callRpc } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';

@Injectable({ scope: Scope.REQUEST })
class OfRequest {}

@A2AAgent({ type: 'shop', name: 'scoped', description: 'Injects what is made for each request.' })
class ScopedAgent extends A2AAgentBaseService {
  constructor(@Inject(OfRequest) readonly ofRequest: OfRequest) {
    super();
  }

  override async execute(): Promise<string> {
    return 'never';
  }
}

@Injectable()
class BrokenGuard implements CanActivate {
  canActivate(): never {
    throw new Error('no route to 10.0.0.7 as user root');
  }
}

async function settings(): Promise<Readonly<Record<string, string>>> {
  const { url } = await createTestDatabase();
  return { DATABASE_URL: url, CONTINUO_LOG_LEVEL: 'silent' };
}

it('why a guard failed is told nobody, by whichever endpoint', async () => {
  @Module({
    imports: [ContinuoModule.forRoot({ agents: [], env: await settings() })],
    providers: [{ provide: APP_GUARD, useClass: BrokenGuard }],
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: false });
  afterThisTest(() => app.close());
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const answers = [
    await callRpc(`${url}/agents/shop/orders`, 'GetTask', { id: 'x' }),
    await call('GET', `${url}/agents/shop/orders/tasks/x`),
    await call('GET', `${url}/tasks`),
    await call('GET', `${url}/agents`),
  ];
  for (const answer of answers) {
    expect(JSON.stringify(answer)).toMatch(/Something failed that should not/);
    expect(JSON.stringify(answer)).not.toMatch(/10\.0\.0\.7/);
  }
});

it('an agent that injects what is made for each request stops the start, and says so', async () => {
  const lines: string[] = [];
  const hear = (message: unknown): void => void lines.push(String(message));
  const logger = { log: hear, warn: hear, error: hear };
  const env = { ...(await settings()), CONTINUO_LOG_LEVEL: 'warn' };
  const module = ContinuoModule.forRoot({ agents: [ScopedAgent], providers: [OfRequest], env, logger });
  const app = await NestFactory.create(module, { logger: false, abortOnError: false });
  await expect(app.init()).rejects.toMatchObject({
    code: 'AGENT_INVALID',
    message: expect.stringMatching(
      /^Agent ScopedAgent can't be registered: it, or something that it injects, is request-scoped/,
    ),
  });
  // Nothing was joined: there is nothing to sign off from.
  expect(lines).toEqual([]);
});
