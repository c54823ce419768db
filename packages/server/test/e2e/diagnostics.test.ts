/** SIGUSR2 has a server that was asked to write what it computes and holds, into files that nobody else may read. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { call } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { until } from '../support/until.js';

it('writes a CPU profile and a heap snapshot, and serves on', async () => {
  const home = await makeTestDirectory('diagnostics');
  const { url } = await createTestDatabase();
  const server = await startServer({
    env: { DATABASE_URL: url, CONTINUO_DATA_DIR: home, CONTINUO_DIAGNOSTICS: 'cpu,heap' },
  });
  process.kill(server.pid, 'SIGUSR2');
  await until(() => server.output().includes('wrote a heap snapshot'), { what: 'a heap snapshot', timeoutMs: 180_000 });

  const directory = join(home, 'diagnostics');
  const files = (await readdir(directory)).toSorted();
  expect(files).toEqual([expect.stringMatching(/\.cpuprofile$/), expect.stringMatching(/\.heapsnapshot$/)]);
  for (const file of files) expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
  const profile = JSON.parse(await readFile(join(directory, files[0] ?? ''), 'utf8')) as {
    readonly nodes: readonly unknown[];
  };
  expect(profile.nodes.length).toBeGreaterThan(10);
  // It has missed heartbeats meanwhile.
  const isReady = async (): Promise<boolean> => (await call('GET', `${server.url}/readyz`)).status === 200;
  await until(isReady, { what: 'the server to be ready again' });
});
