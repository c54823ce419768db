/** PostgreSQL behind pgbouncer: session mode serves, what can't be kept is refused at the start, with what to do about it. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { call } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import { freePort, startServer } from '../support/server-process.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { deployFile, ensureInstalled, run, type User } from './program.js';

ensureInstalled('pgbouncer', '--version');

/** It refuses to be root. */
const NOBODY: User = { uid: 65_534, gid: 65_534 };

/** Starts it in front of the database with the changed `deploy/pgbouncer/pgbouncer.ini`; gives the address to use. */
async function startPgbouncer(databaseUrl: string, changes: readonly (readonly [string, string])[]): Promise<string> {
  const { username, password, hostname, port: postgresPort, pathname } = new URL(databaseUrl);
  const home = await makeTestDirectory('pgbouncer');
  const port = await freePort();
  const database = pathname.slice(1);
  const text = await deployFile('pgbouncer/pgbouncer.ini', [
    [
      'continuo = host=postgres.internal port=5432 dbname=continuo',
      `${database} = host=${hostname} port=${postgresPort} dbname=${database}`,
    ],
    ['/etc/pgbouncer/userlist.txt', join(home, 'userlist.txt')],
    ['listen_port = 6432', `listen_port = ${port}`],
    ...changes,
  ]);
  await writeFile(join(home, 'pgbouncer.ini'), `${text}\nunix_socket_dir =\n`);
  await writeFile(join(home, 'userlist.txt'), `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`);
  await chmod(join(home, 'userlist.txt'), 0o644);
  await run('pgbouncer', [join(home, 'pgbouncer.ini')], {
    port,
    ...(process.getuid?.() === 0 ? { user: NOBODY } : {}),
  });
  return `postgres://${username}:${password}@127.0.0.1:${port}/${database}`;
}

/** What the start wrote that failed. */
async function refusal(databaseUrl: string): Promise<string> {
  return startServer({ env: { DATABASE_URL: databaseUrl } }).then(
    () => 'it started',
    (error: Error) => error.message,
  );
}

it('in session mode, as deploy/pgbouncer/ has it, a server serves, with its settings on every connection', async () => {
  const { url } = await createTestDatabase();
  const pooled = await startPgbouncer(url, []);
  const [first, second] = await Promise.all([0, 1].map(() => startServer({ env: { DATABASE_URL: pooled } })));
  if (first === undefined || second === undefined) throw new Error('no servers');
  const started = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      call('POST', `${[first, second][n % 2]?.url}/agents/function/countdown/tasks`, {
        body: { message: { parts: [{ data: { steps: 3, delayMs: 10 } }] }, wait: true },
      }),
    ),
  );
  for (const { body } of started) expect(body).toMatchObject({ status: { state: 'TASK_STATE_COMPLETED' } });
  // The connections are of both servers: what each of them is set to shows on whichever is asked.
  const connected = await runOn<{ count: number }>(
    url,
    `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'continuo'`,
  );
  expect(connected[0]?.count).toBeGreaterThan(3);
});

describe('is refused, with what to do:', () => {
  it.each(['transaction', 'statement'])('%s mode', async (mode) => {
    const { url } = await createTestDatabase();
    const pooled = await startPgbouncer(url, [['pool_mode = session', `pool_mode = ${mode}`]]);
    expect(await refusal(pooled)).toMatch(
      /did not start\. Continuo needs session.*transaction.*Set pool_mode = session/,
    );
  });

  it('a pooler that takes no settings', async () => {
    const { url } = await createTestDatabase();
    const pooled = await startPgbouncer(url, [['ignore_startup_parameters = options', '']]);
    expect(await refusal(pooled)).toMatch(
      /did not start\. Continuo needs session.*unsupported startup parameter.*ignore_startup_parameters = options/,
    );
  });
});
