/** Continuo used as DBOS is: in the process that asks, without A2A in between (`DATABASE_URL`, `PORT`). */
import { NestFactory } from '@nestjs/core';
import { Agents, ContinuoModule } from '@continuo/server';
import { serveRuns } from './run-server.mjs';
import { Steps } from './steps-agent.mjs';

const { DATABASE_URL } = process.env;
const module = ContinuoModule.forRoot({ agents: [Steps], env: { DATABASE_URL, CONTINUO_LOG_LEVEL: 'error' } });
const app = await NestFactory.createApplicationContext(module, { logger: ['error'] });
const agents = app.get(Agents);

await serveRuns(async (steps) => {
  const { text } = await agents.call(Steps, { data: { steps } });
  return Number(text);
});
await app.close();
process.exit();
