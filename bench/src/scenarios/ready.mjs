/** How soon Continuo serves on an existing database, and how soon a new task is seen to work. */
import { milliseconds, row } from '../bench.mjs';
import { startServer, withServers } from '../servers.mjs';
import { median, percentile } from '../stats.mjs';

const STARTS = 5;
const TASKS = 100;
const READY_WITHIN_MS = 3000;

/** @type {import("../bench.mjs").Scenario} */
export async function ready(bench) {
  const { client, options, log } = bench;
  if (!options.servers.includes('continuo')) return [];
  return withServers(bench, 'ready', ['continuo'], async (servers) => {
    const [server] = servers;
    if (server === undefined) return [];
    await client.run('firstWorking', { base: server.base, times: 20 });
    const { latencies } = await client.run('firstWorking', { base: server.base, times: TASKS });
    await server.stop();
    /** @type {number[]} */
    const starts = [];
    for (let index = 0; index < STARTS; index += 1) {
      const again = await startServer('continuo', server.databaseUrl);
      await again.stop();
      starts.push(again.readyMs);
      log(`ready: ${milliseconds(again.readyMs)}`);
    }
    return [
      {
        ...row(
          `Time to ready on an existing database, median of ${STARTS}`,
          { continuo: median(starts) },
          milliseconds,
        ),
        target: `< ${READY_WITHIN_MS / 1000} s`,
        pass: median(starts) < READY_WITHIN_MS,
      },
      row(`POST …/tasks to the first WORKING event, median of ${TASKS}`, { continuo: median(latencies) }, milliseconds),
      row('… p95', { continuo: percentile(latencies, 0.95) }, milliseconds),
    ];
  });
}
