/** Bodies of many small values, at every place of every binding: refused before anybody understands them (`npm run fuzz`: ten megabytes each). */
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { heavyBodies, type HeavyBody } from '../support/heavy-bodies.js';
import { at, call, textAt } from '../support/http-calls.js';
import { cpuMs, residentMb } from '../support/process-figures.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

const isFuzz = process.env.FUZZ_RUNS !== undefined;
const BYTES = isFuzz ? 10_000_000 : 2_000_000;
/** One request's; `npm run fuzz` holds the server to it. */
const MOST_CPU_MS = 500;

let server: ServerProcess;
let echo: string;

beforeAll(async () => {
  server = await startServer({ env: { DATABASE_URL: (await createTestDatabase()).url } });
  echo = `${server.url}/agents/function/echo`;
});

async function send({ path, headers, body }: HeavyBody): Promise<{ status: number; error: unknown; costMs: number }> {
  const text = body(BYTES);
  const before = await cpuMs(server.pid);
  const { status, body: answer } = await call('POST', server.url + path, { body: text, headers });
  const after = await cpuMs(server.pid);
  return { status, error: at(answer, 'error'), costMs: (after ?? 0) - (before ?? 0) };
}

describe('a body of many small values', () => {
  it('is refused at every place of every binding', { timeout: 900_000 }, async () => {
    const figures: (readonly [name: string, costMs: number])[] = [];
    const resting = await residentMb(server.pid);
    // Each shape and each place in the short round, all of both in the long one.
    const bodies = isFuzz ? heavyBodies : heavyBodies.filter((_, index) => index % 7 === 0);
    for (const heavy of bodies) {
      const { status, error, costMs } = await send(heavy);
      expect([heavy.name, status >= 400 && status < 500 ? 'refused' : status]).toEqual([heavy.name, 'refused']);
      expect(textAt(error, 'message')).toMatch(/at most|items|expected/);
      expect(JSON.stringify(error).length).toBeLessThan(4_000);
      figures.push([heavy.name, costMs]);
    }
    if (!isFuzz) return;
    const [worst] = figures.toSorted(([, a], [, b]) => b - a);
    const figure = { requests: figures.length, worst, restingMb: resting, afterwardsMb: await residentMb(server.pid) };
    process.stdout.write(`${JSON.stringify(figure)}\n`);
    expect(worst?.[1]).toBeLessThan(MOST_CPU_MS);
  });

  it('is accepted up to the bound, and so is a long text', async () => {
    const data = Array.from({ length: 90_000 }, (_, n) => n);
    for (const part of [{ text: 'The "quick" fox [{,}]. '.repeat(400_000) }, { data }]) {
      const { status, body } = await call('POST', `${echo}/tasks`, {
        body: { message: { parts: [part] }, wait: true },
      });
      expect([status, textAt(body, 'status', 'state')]).toEqual([201, 'TASK_STATE_COMPLETED']);
    }
  });
});

describe('a list in a request', () => {
  const many = (item: unknown) => Array.from({ length: 1_001 }, () => item);
  const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hello' }] };

  it.each([
    ['message.parts', { message: { ...message, parts: many(1) } }],
    ['message.extensions', { message: { ...message, extensions: many(1) } }],
    ['message.referenceTaskIds', { message: { ...message, referenceTaskIds: many('x') } }],
    ['configuration.acceptedOutputModes', { message, configuration: { acceptedOutputModes: many({}) } }],
  ])('%s has at most 1,000 items', async (field, body) => {
    const { status, body: answer } = await call('POST', `${echo}/message:send`, { body });
    expect([status, at(answer, 'error', 'details', 0, 'metadata')]).toEqual([
      400,
      { field, expected: 'at most 1000 items, got 1001' },
    ]);
  });

  it.each([
    ['agents', '/keys', { owner: 'ada', scopes: ['read'], agents: many('function/echo') }],
    ['kinds', '/webhooks', { url: 'https://example.com/', kinds: many('task') }],
  ])('%s of %s has no more either', async (field, path, body) => {
    const { status, body: answer } = await call('POST', server.url + path, { body });
    expect([status, at(answer, 'error', 'details', 0, 'metadata', 'field')]).toEqual([400, field]);
  });
});

it('refuses numbers that JSON.parse makes infinite, and bodies in another encoding than UTF-8', async () => {
  const body = '{"message":{"parts":[{"data":{"n":[1e999]}}]}}';
  const { status, body: answer } = await call('POST', `${echo}/tasks`, { body });
  expect([status, at(answer, 'error', 'details', 0, 'metadata', 'field')]).toEqual([400, 'message.parts[0].data.n[0]']);
  const headers = { 'content-type': 'application/json; charset=utf-16le' };
  for (const path of ['', '/tasks', '/message:send']) {
    const answered = await fetch(echo + path, {
      method: 'POST',
      headers,
      body: Buffer.from('{"message":"a"}', 'utf16le'),
    });
    expect(answered.status).toBe(415);
  }
});
