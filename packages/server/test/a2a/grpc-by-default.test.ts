/** gRPC that nobody has asked for: its port is there when the server is, its libraries come with the first call. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { ContinuoModule } from '../../src/continuo.module.js';
import { createLog } from '../../src/platform/log.js';
import { request } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { callGrpc, grpcClient, grpcOf } from '../support/grpc-calls.js';

let app: NestExpressApplication;
let address = '';
let tenant = '';

beforeEach(async () => {
  const { url } = await createTestDatabase();
  // Without PORT and CONTINUO_AUTH, as `npm start`; but on a port of its own.
  const env = { DATABASE_URL: url, CONTINUO_LOG_LEVEL: 'silent' };
  const postgres = { url, stop: () => Promise.resolve() };
  const opened = { log: createLog('silent'), postgres, signal: new AbortController().signal, grpcPort: 0 };
  app = await NestFactory.create<NestExpressApplication>(ContinuoModule.forRoot({ agents: [EchoAgent], env }, opened), {
    bodyParser: false,
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  ({ address, tenant } = await grpcOf(await app.getUrl(), 'function/echo'));
});

afterEach(() => app.close());

it('is on the card from the start, and answers the first call', async () => {
  // One that says something that is no gRPC, and goes, takes nothing from the others.
  const stranger = connect(Number(address.slice(address.lastIndexOf(':') + 1)), '127.0.0.1');
  await once(stranger, 'connect');
  stranger.resetAndDestroy();
  const client = grpcClient(address);
  const { code, answer } = await callGrpc(client, 'sendMessage', { ...request('hello'), tenant });
  client.close();
  expect(code).toBe('OK');
  expect(JSON.stringify(answer)).toContain('hello');
});

it('leaves nothing open where nobody has called', async () => {
  await app.close();
  const late = connect(Number(address.slice(address.lastIndexOf(':') + 1)), '127.0.0.1');
  await expect(once(late, 'connect')).rejects.toThrow('ECONNREFUSED');
});
