/** Fills a server's task table to a given size with copies of a real task, by SQL. */
import { seedContinuo } from './continuo.mjs';
import { seedSdk } from './sdk.mjs';

const SEEDERS = { sdk: seedSdk, continuo: seedContinuo };

/**
 * @param {import("../bench.mjs").Bench} bench
 * @param {import("../bench.mjs").RunningServer} server
 * @param {number} tasks how many tasks the table has afterwards
 * @returns {Promise<void>}
 */
export async function seedTasks({ client, postgres, log }, { name, base, databaseUrl }, tasks) {
  await client.run('send', { base, clients: 1, seconds: 0.2 });
  await postgres.connect(databaseUrl, async (connection) => {
    const { rows } = await connection.query('SELECT count(*)::int AS count FROM tasks');
    await SEEDERS[name](connection, tasks - rows[0].count);
    await connection.query('VACUUM ANALYZE');
  });
  log(`list: ${name} filled to ${tasks} tasks`);
}
