/** DATABASE_READ_URL: a replica answers lists and statistics, and never shows less than was written before they were asked for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src/platform/log.js';
import { Positions, Replica } from '../../src/platform/replica.js';
import { at, call, textAt } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import { startReplicatedPostgres, type ReplicatedPostgres } from '../support/replicated-postgres.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

let postgres: ReplicatedPostgres;
let writer: ServerProcess;
let reader: ServerProcess;

beforeAll(async () => {
  postgres = await startReplicatedPostgres();
  const DATABASE_URL = postgres.primary.url;
  writer = await startServer({ env: { DATABASE_URL } });
  const env = { DATABASE_URL, DATABASE_READ_URL: `${postgres.standby.url}?target_session_attrs=standby` };
  reader = await startServer({ env });
});

afterAll(() => postgres.standby.resume().catch(() => undefined));

async function write(text: string): Promise<string> {
  const message = { messageId: text, contextId: text, parts: [{ text }] };
  const { body } = await call('POST', `${writer.url}/agents/function/echo/tasks`, { body: { message, wait: true } });
  return textAt(body, 'id');
}

async function listed(query = ''): Promise<readonly string[]> {
  const { status, body } = await call('GET', `${reader.url}/tasks?pageSize=100${query}`);
  expect(status).toBe(200);
  const tasks = at(body, 'tasks');
  return Array.isArray(tasks) ? tasks.map((task) => textAt(task, 'id')) : [];
}

/** How many connections of the server the standby has whose last statement was a list's. */
async function asked(): Promise<number> {
  const [row] = await runOn<{ n: number }>(
    postgres.standby.url,
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'continuo'
     AND backend_type = 'client backend' AND query LIKE '%FROM tasks%' AND query NOT LIKE '%pg_stat_activity%'`,
  );
  return row?.n ?? 0;
}

describe('a replica beside the primary', () => {
  it('and the primary have one deadline for a statement', async () => {
    const replica = new Replica(postgres.standby.url, { poolSize: 1, log: createLog('silent'), statementMs: 1_000 });
    const { url } = postgres.primary;
    const positions = new Positions({ query: async (text) => runOn(url, text) });
    try {
      const rows = async (text: string) => replica.rows(await positions.now(), text, []);
      await until(async () => (await rows('SELECT 1')) !== undefined, { what: 'the replica to answer' });
      await expect(rows('SELECT pg_sleep(30)')).rejects.toThrow(/statement timeout/);
    } finally {
      await replica.close();
    }
  });

  it('answers lists when it has all that is there', async () => {
    const id = await write('first');
    expect(await listed()).toContain(id);
    await until(async () => (await listed()).includes(id) && (await asked()) > 0, {
      what: 'the replica to be asked for a list',
    });
  });

  it('is not asked as long as it lags: every instance shows what any has written', async () => {
    await runOn(postgres.standby.url, 'SELECT pg_wal_replay_pause()');
    const ids: string[] = [];
    for (let turn = 1; turn <= 5; turn += 1) {
      ids.push(await write(`behind ${turn}`));
      expect(await listed()).toEqual(expect.arrayContaining(ids));
    }
    const found = await call('GET', `${reader.url}/sessions?pageSize=100`);
    expect(JSON.stringify(found.body)).toContain('behind 5');
    const { body } = await call('GET', `${reader.url}/statistics`);
    expect(JSON.stringify(body)).toContain('function/echo');
    const { body: exported } = await call('GET', `${reader.url}/sessions/${encodeURIComponent('behind 5')}/export`);
    expect(JSON.stringify(exported)).toContain('TASK_STATE_COMPLETED');
    // It has really none of them.
    const there = await runOn(postgres.standby.url, `SELECT 1 FROM tasks WHERE context_id LIKE 'behind%'`);
    expect(there).toEqual([]);
    await runOn(postgres.standby.url, 'SELECT pg_wal_replay_resume()');
  });

  it('shows at once what was just written, many at a time', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const id = await write(`at once ${index}`);
        return (await listed()).includes(id);
      }),
    );
    expect(all).not.toContain(false);
  });

  it('is left alone while it hangs, and when it is gone', async () => {
    await postgres.standby.pause();
    const whileItHangs = await write('while it hangs');
    expect(await listed()).toContain(whileItHangs);
    await postgres.standby.resume();
    await postgres.standby.crash();
    const whileItIsGone = await write('while it is gone');
    expect(await listed('&agent=function/echo')).toContain(whileItIsGone);
    await until(async () => (await call('GET', `${reader.url}/readyz`)).status === 200, { what: 'it to be ready' });
    await postgres.standby.start();
    const afterwards = await write('afterwards');
    await until(async () => (await listed()).includes(afterwards) && (await asked()) > 0, {
      what: 'the replica to be asked again',
    });
  });

  it('is not asked when it is a server of its own', async () => {
    await runOn(postgres.standby.url, 'SELECT pg_promote()');
    const id = await write('after it went its own way');
    expect(await listed()).toContain(id);
  });
});
