/** One page of ListTasks with few and with many tasks in the table. */
import { inTurn, milliseconds, row, times, whole } from '../bench.mjs';
import { seedTasks } from '../seed/seed.mjs';
import { withServers } from '../servers.mjs';
import { median } from '../stats.mjs';

const PAGE_SIZE = 50;
const FEW = 1_000;
/** How much slower a page may be than with a thousand tasks. */
const slowerAtMost = /** @param {number} tasks */ (tasks) => (tasks > 100_000 ? 1.6 : 1.3);

/** @type {import("../bench.mjs").Scenario} */
export function list(bench) {
  const { client, options, log } = bench;
  const rounds = options.quick ? 1 : 3;
  const requests = options.quick ? 40 : 150;
  return withServers(bench, 'list', options.servers, async (servers) => {
    /** @param {number} tasks */
    const measure = async (tasks) => {
      for (const server of servers) {
        await seedTasks(bench, server, tasks);
        await client.run('list', { base: server.base, pageSize: PAGE_SIZE, times: requests });
      }
      return inTurn(bench, servers, rounds, async ({ name, base }) => {
        const { latencies } = await client.run('list', { base, pageSize: PAGE_SIZE, times: requests });
        log(`list: ${name} ${whole(tasks)} tasks, ${milliseconds(median(latencies))}`);
        return latencies;
      });
    };
    const few = await measure(FEW);
    const many = await measure(options.tasks);
    /** @param {typeof few} results */
    const medians = (results) => {
      /** @param {"sdk" | "continuo"} name */
      const of = (name) => (results.has(name) ? median((results.get(name) ?? []).flat()) : undefined);
      return { sdk: of('sdk'), continuo: of('continuo') };
    };
    const [before, after] = [medians(few), medians(many)];
    /** @param {"sdk" | "continuo"} name */
    const growth = (name) => {
      const [low, high] = [before[name], after[name]];
      return low === undefined || high === undefined ? undefined : high / low;
    };
    const continuo = growth('continuo');
    const measureOf = /** @param {number} tasks */ (tasks) =>
      `ListTasks, page of ${PAGE_SIZE}, ${whole(tasks)} tasks: median`;
    return [
      row(measureOf(FEW), before, milliseconds, { ratio: (sdk, ours) => ours / sdk }),
      row(measureOf(options.tasks), after, milliseconds, { ratio: (sdk, ours) => ours / sdk }),
      {
        ...row('… growth', { sdk: growth('sdk'), continuo }, times),
        target: `<= ${slowerAtMost(options.tasks)}x`,
        pass: continuo === undefined ? undefined : continuo <= slowerAtMost(options.tasks),
      },
    ];
  });
}
