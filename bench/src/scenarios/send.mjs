/** Blocking SendMessage from 32 clients at once: tasks per second, and latency. */
import { inTurn, milliseconds, row, whole } from '../bench.mjs';
import { withServers } from '../servers.mjs';
import { percentile, sum } from '../stats.mjs';

const CLIENTS = 32;

/** @type {import("../bench.mjs").Scenario} */
export function send(bench) {
  const { client, options, log } = bench;
  const seconds = options.quick ? 2 : 8;
  const rounds = options.quick ? 1 : 4;
  return withServers(bench, 'send', options.servers, async (servers) => {
    for (const { base } of servers) await client.run('send', { base, clients: CLIENTS, seconds: seconds / 2 });
    const results = await inTurn(bench, servers, rounds, async ({ name, base }) => {
      const result = await client.run('send', { base, clients: CLIENTS, seconds });
      log(`send: ${name} ${whole(result.latencies.length / result.seconds)} tasks/s`);
      return result;
    });
    /** @param {"sdk" | "continuo"} name @param {(latencies: number[], seconds: number) => number} measure */
    const figure = (name, measure) => {
      const ran = results.get(name);
      if (ran === undefined) return undefined;
      return measure(
        ran.flatMap(({ latencies }) => latencies),
        sum(ran.map((round) => round.seconds)),
      );
    };
    /** @param {(latencies: number[], seconds: number) => number} measure */
    const figures = (measure) => ({ sdk: figure('sdk', measure), continuo: figure('continuo', measure) });
    return [
      row(
        `Blocking SendMessage, ${CLIENTS} clients: tasks/s`,
        figures((latencies, total) => latencies.length / total),
        whole,
        { ratio: (sdk, continuo) => continuo / sdk, target: '>= 2x', pass: (ratio) => ratio >= 2 },
      ),
      ...[0.5, 0.95].map((fraction) =>
        row(
          `… latency p${fraction * 100}`,
          figures((latencies) => percentile(latencies, fraction)),
          milliseconds,
          { ratio: (sdk, continuo) => continuo / sdk },
        ),
      ),
    ];
  });
}
