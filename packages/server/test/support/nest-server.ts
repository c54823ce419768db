/** Agents in a Nest application of this process, on a database of their own. */
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { ContinuoModule } from '../../src/continuo.module.js';
import { createTestDatabase } from './database.js';
import { afterThisTest } from './outcome.js';

/** The application, which closes after the file, and its address. */
export async function startNestServer(
  agents: readonly Type<A2AAgentBaseService>[],
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly app: NestExpressApplication; readonly url: string }> {
  const { url } = await createTestDatabase();
  const env = { DATABASE_URL: url, CONTINUO_LOG_LEVEL: 'silent', ...settings };
  const app = await NestFactory.create<NestExpressApplication>(ContinuoModule.forRoot({ agents, env }), {
    bodyParser: false,
    logger: false,
  });
  afterThisTest(() => app.close());
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}
