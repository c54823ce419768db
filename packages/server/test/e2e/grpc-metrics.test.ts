/** Calls over gRPC on `/metrics`: each is counted once, by method and status, also one that is refused or left. */
import { beforeAll, expect, it } from 'vitest';
import { request } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { Exposition } from '../support/exposition.js';
import { callGrpc, grpcClient, grpcOf } from '../support/grpc-calls.js';
import { newKey } from '../support/keys-command.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const TOTAL = 'continuo_grpc_requests_total';
const tenant = 'function/echo';

let server: ServerProcess;
let authorization: string;

beforeAll(async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  authorization = `Bearer ${await newKey(DATABASE_URL, '--owner', 'ada', '--scopes', 'read,write,admin')}`;
  server = await startServer({ env: { DATABASE_URL, CONTINUO_AUTH: 'keys', CONTINUO_GRPC_PORT: '0' } });
});

async function exposed(): Promise<Exposition> {
  return new Exposition(await (await fetch(`${server.url}/metrics`, { headers: { authorization } })).text());
}

it('counts what became of each, and how long answers took', async () => {
  const client = grpcClient((await grpcOf(server.url, tenant)).address);
  const call = (method: string, asked: object, metadata: Readonly<Record<string, string>> = { authorization }) =>
    callGrpc(client, method, { ...asked, tenant }, { metadata });
  expect((await call('sendMessage', request('hello'))).code).toBe('OK');
  expect((await call('getTask', { id: 'nothing' })).code).toBe('NOT_FOUND');
  expect((await call('getTask', { id: 'nothing' }, {})).code).toBe('UNAUTHENTICATED');
  const seen = await until(
    async () => {
      const found = await exposed();
      return found.sum(TOTAL) === 3 && found;
    },
    { what: 'three calls to be counted' },
  );
  expect(seen.found(TOTAL).map(({ labels, value }) => [labels['method'], labels['status'], value])).toEqual(
    expect.arrayContaining([
      ['SendMessage', 'OK', 1],
      ['GetTask', 'NOT_FOUND', 1],
      ['GetTask', 'UNAUTHENTICATED', 1],
    ]),
  );
  expect(seen.sum('continuo_grpc_request_duration_seconds_count', { method: 'GetTask' })).toBe(2);
  // As exact as those over HTTP: quick calls take less than a millisecond, and are not free.
  const ms = 1_000 * seen.sum('continuo_grpc_request_duration_seconds_sum');
  expect(Math.abs(ms - Math.round(ms))).toBeGreaterThan(1e-6);
  client.close();
});
