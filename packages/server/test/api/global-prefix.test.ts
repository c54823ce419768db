/** Continuo in a Nest application that puts a prefix before its own controllers, and versions them: its paths stay. */
import { Controller, Get, Module, RequestMethod, VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { beforeAll, expect, it } from 'vitest';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { ContinuoModule } from '../../src/continuo.module.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';

@Controller('mine')
class MineController {
  @Get()
  mine(): string {
    return '"mine"';
  }
}

@Module({})
class Application {}

let url: string;

beforeAll(async () => {
  const env = { DATABASE_URL: (await createTestDatabase()).url, CONTINUO_LOG_LEVEL: 'silent' };
  const app = await NestFactory.create<NestExpressApplication>(
    {
      module: Application,
      imports: [ContinuoModule.forRoot({ agents: [EchoAgent], env })],
      controllers: [MineController],
    },
    { logger: false },
  );
  app.setGlobalPrefix('/api', { exclude: [{ path: 'healthz', method: RequestMethod.GET }] });
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  afterThisTest(() => app.close());
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});

it("leaves Continuo's paths where they are, with their door", async () => {
  const message = { messageId: 'one', role: 'ROLE_USER', parts: [{ text: 'hello' }] };
  const { body: sent } = await callRpc(`${url}/agents/function/echo`, 'SendMessage', { message });
  const id = textAt(sent, 'result', 'task', 'id');
  const { status, body } = await call('POST', `${url}/agents/function/echo/tasks`, {
    body: { message: 'hello', wait: true },
  });
  expect([status, textAt(body, 'status', 'state')]).toEqual([201, 'TASK_STATE_COMPLETED']);
  expect((await call('GET', `${url}/tasks?pageSize=1`)).body).toMatchObject({ totalSize: 2 });
  expect(textAt((await call('GET', `${url}/tasks/${id}`)).body, 'id')).toBe(id);
  for (const path of ['/sessions', '/caller', '/statistics', '/memories', '/openapi.json', '/readyz', '/agents']) {
    expect([path, (await call('GET', url + path)).status]).toEqual([path, 200]);
  }
  expect((await call('GET', `${url}/healthz`)).status).toBe(200);
  expect(at((await call('GET', `${url}/tasks/nothing`)).body, 'error', 'code')).toBe(404);
});

it("moves the application's own, and nothing of Continuo's beside them is open", async () => {
  expect((await call('GET', `${url}/api/v1/mine`)).body).toBe('mine');
  expect((await fetch(`${url}/mine`)).status).toBe(404);
  for (const path of ['/api/tasks', '/api/v1/tasks', '/v1/tasks', '/api/agents']) {
    expect([path, (await fetch(url + path)).status]).toEqual([path, 404]);
  }
});
