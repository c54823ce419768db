/** Generated bad requests over each binding: every one is refused, none with a 5xx, and none changes the database. */
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badRequests, type BadRequest } from '../support/bad-requests.js';
import { createTestDatabase } from '../support/database.js';
import { at } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';

/** `npm run fuzz` asks for more. */
const runs = Number(process.env.FUZZ_RUNS ?? 300);
const INTERNAL_ERROR = -32_603;

let database: pg.Client;
let url: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  database = new pg.Client(databaseUrl);
  await database.connect();
  ({ url } = await startServer({ env: { DATABASE_URL: databaseUrl } }));
});

afterAll(() => database.end());

async function stored(): Promise<unknown> {
  const result = await database.query(
    `SELECT (SELECT count(*) FROM tasks) + (SELECT count(*) FROM task_events) + (SELECT count(*) FROM sessions)
       + (SELECT count(*) FROM messages) + (SELECT count(*) FROM artifacts) + (SELECT count(*) FROM idempotency_keys)
       + (SELECT count(*) FROM webhook_endpoints) + (SELECT count(*) FROM audit_log) AS rows`,
  );
  return result.rows[0];
}

/** How the request was refused; undefined when it was not. */
async function refusal({
  method,
  path,
  headers,
  body,
}: BadRequest): Promise<{ status: number; code: unknown } | undefined> {
  const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    const text = await response.text();
    const error = at(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '{}'), 'error');
    return error === undefined ? undefined : { status: response.status, code: at(error, 'code') };
  }
  const text = await response.text();
  const error = at(text === '' ? undefined : JSON.parse(text), 'error');
  if (error === undefined && response.status < 400) return undefined;
  return { status: response.status, code: at(error, 'code') };
}

// All at once: none of them changes anything.
describe.concurrent.each(Object.entries(badRequests))('%s', (_binding, requests) => {
  it(`refuses ${runs} bad requests`, { timeout: 60_000 + runs * 60 }, async () => {
    const before = await stored();
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const refused = await refusal(request);
        expect(refused).toBeDefined();
        expect(refused?.status).toBeLessThan(500);
        expect(refused?.code).not.toBe(INTERNAL_ERROR);
        expect(await stored()).toEqual(before);
      }),
      { numRuns: runs },
    );
  });
});
