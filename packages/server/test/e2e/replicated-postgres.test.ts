/** A PostgreSQL with a standby: what counts as stored, and where a server goes when the standby takes over. */
import { beforeAll, describe, expect, it } from 'vitest';
import { forThisFile } from '../support/outcome.js';
import { at, call, textAt, type Answer } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import { startReplicatedPostgres, type ReplicatedPostgres } from '../support/replicated-postgres.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

let postgres: ReplicatedPostgres;
let server: ServerProcess;

async function startBoth(): Promise<void> {
  postgres = await startReplicatedPostgres();
  const env = { DATABASE_URL: `${postgres.url}?target_session_attrs=read-write`, CONTINUO_LEASE_MS: '2000' };
  server = await forThisFile(() => startServer({ env }));
}

const echo = (messageId: string): Promise<Answer> => {
  const message = { messageId, contextId: messageId, parts: [{ text: 'hello' }] };
  return call('POST', `${server.url}/agents/function/echo/tasks`, { body: { message, wait: true } });
};

/** Sends it until it is accepted. */
const echoed = (messageId: string): Promise<string> =>
  until(
    async () => {
      const answer = await echo(messageId);
      return [200, 201].includes(answer.status) && textAt(answer.body, 'id');
    },
    { what: 'a message to be accepted' },
  );

const tasksOn = (url: string, id: string) =>
  runOn<{ state: string }>(url, `SELECT state FROM tasks WHERE id = '${id}'`);

/** Commits wait for the standby from now on. */
async function waitForStandby({ primary }: ReplicatedPostgres): Promise<void> {
  await runOn(primary.url, `ALTER SYSTEM SET synchronous_standby_names = 'standby'`);
  await runOn(primary.url, 'SELECT pg_reload_conf()');
  const shown = () =>
    runOn<{ name: string }>(
      primary.url,
      `SELECT setting AS name FROM pg_settings WHERE name = 'synchronous_standby_names'`,
    );
  await until(async () => (await shown())[0]?.name === 'standby', { what: 'the setting to count' });
}

describe('with two servers in its address, the standby first', () => {
  beforeAll(startBoth);

  it('works on the one that takes writes', async () => {
    const id = await echoed('first');
    expect(await tasksOn(postgres.primary.url, id)).toEqual([{ state: 'COMPLETED' }]);
    await until(async () => (await tasksOn(postgres.standby.url, id))[0]?.state === 'COMPLETED', {
      what: 'the standby to have it, too',
    });
  });

  it('what the standby may not have is not acknowledged, although PostgreSQL says that it is stored', async () => {
    const { primary, standby } = postgres;
    await standby.crash();
    await waitForStandby(postgres);
    const answer = echo('not replicated');
    // As an operator does who sees statements hang: they end with a warning, and as committed.
    let over = false;
    void answer.finally(() => (over = true));
    const canceled = await until(
      async () => {
        const found = await runOn(
          primary.url,
          `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
           WHERE wait_event = 'SyncRep' AND query LIKE '%INTO tasks%' AND pid <> pg_backend_pid()`,
        );
        return found.length > 0 && found.length;
      },
      { what: 'the statement to wait for the standby' },
    );
    expect(canceled).toBeGreaterThan(0);
    await until(() => over, { what: 'an answer' });
    expect(await answer.then(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([503, '1']);
    await standby.start();
    const id = await echoed('not replicated');
    await until(async () => (await tasksOn(standby.url, id)).length === 1, { what: 'the standby to have it' });
  });

  it('goes on with the standby that has taken over, and stays there when the old primary is back', async () => {
    const { primary, standby } = postgres;
    await primary.crash();
    expect((await call('GET', `${server.url}/readyz`)).status).toBe(503);
    await runOn(standby.url, 'SELECT pg_promote()');
    const id = await echoed('after the failover');
    expect((await tasksOn(standby.url, id)).length).toBe(1);
    // Its own heartbeat has to be heard again, too.
    await until(async () => (await call('GET', `${server.url}/readyz`)).status === 200, {
      what: 'the server to be ready',
    });

    // It takes itself for the primary still.
    await runOn(standby.url, `ALTER SYSTEM SET synchronous_standby_names = ''`);
    await runOn(standby.url, 'SELECT pg_reload_conf()');
    await primary.start();
    // Whatever had a connection looks for one now.
    await runOn(
      standby.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'continuo%' AND pid <> pg_backend_pid()`,
    );
    const later = await echoed('while there are two');
    expect((await tasksOn(standby.url, later)).length).toBe(1);
    expect((await tasksOn(primary.url, later)).length).toBe(0);
    const { body } = await call('GET', `${server.url}/tasks?pageSize=10`);
    expect(at(body, 'totalSize')).toBe(4);
  });
});

describe('cut off together with the primary, while the standby takes over', () => {
  beforeAll(startBoth);

  it('acknowledges nothing that the new primary does not have, and works there soon', async () => {
    const { primary, standby } = postgres;
    await waitForStandby(postgres);
    await echoed('before the partition');
    await primary.pause();
    await runOn(standby.url, 'SELECT pg_promote()');
    await runOn(standby.url, `ALTER SYSTEM SET synchronous_standby_names = ''`);
    await runOn(standby.url, 'SELECT pg_reload_conf()');
    // It takes itself for the primary still, and the server has its connections to it.
    await primary.resume();
    const acknowledged = await Promise.all(
      Array.from({ length: 8 }, (_, index) => echoed(`into the partition ${index + 1}`)),
    );
    for (const id of acknowledged) expect(await tasksOn(standby.url, id)).toEqual([{ state: 'COMPLETED' }]);
    const { body } = await call('GET', `${server.url}/tasks?pageSize=20`);
    expect(at(body, 'totalSize')).toBe(9);
    await until(async () => (await call('GET', `${server.url}/readyz`)).status === 200, {
      what: 'the server to be ready',
    });
    // What hangs there hangs until the standby is back; nothing new goes there.
    const idle = await runOn(
      primary.url,
      `SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'continuo%' AND application_name <> 'continuo test' AND state = 'idle'`,
    );
    expect(idle).toEqual([]);
  });
});
