/** Blocking SendMessage from 32 clients at once: tasks per second, latency, and what a task costs. */
import { bytes, inTurn, milliseconds, row, whole } from '../bench.mjs';
import { withServers } from '../servers.mjs';
import { costEach, withCosts } from '../costs.mjs';
import { percentile, sum } from '../stats.mjs';

const CLIENTS = 32;

/** @type {import("../bench.mjs").Scenario} */
export function send(bench) {
  const { client, options, log } = bench;
  const seconds = options.quick ? 2 : 8;
  const rounds = options.quick ? 1 : 4;
  /** @type {readonly import("../options.mjs").ServerName[]} */
  const names = options.servers.flatMap((name) => (name === 'sdk' ? [name, 'sdk-memory'] : [name]));
  return withServers(bench, 'send', names, async (servers) => {
    for (const { base } of servers) await client.run('send', { base, clients: CLIENTS, seconds: seconds / 2 });
    const results = await inTurn(bench, servers, rounds, async (server) => {
      const { name, base } = server;
      const result = await withCosts(bench, server, () => client.run('send', { base, clients: CLIENTS, seconds }));
      log(`send: ${name} ${whole(result.latencies.length / result.seconds)} tasks/s`);
      return result;
    });
    /** @param {import("../options.mjs").ServerName} name @param {(latencies: number[], seconds: number) => number} measure */
    const figure = (name, measure) => {
      const ran = results.get(name);
      if (ran === undefined) return undefined;
      return measure(
        ran.flatMap(({ latencies }) => latencies),
        sum(ran.map((round) => round.seconds)),
      );
    };
    /** @param {import("../options.mjs").ServerName} name @param {(costs: import("../costs.mjs").Costs) => number | undefined} of */
    const cost = (name, of) => costEach(results.get(name), of, (round) => round.latencies.length);
    /** @param {(latencies: number[], seconds: number) => number} measure */
    const figures = (measure) => ({ sdk: figure('sdk', measure), continuo: figure('continuo', measure) });
    return [
      row(`Blocking SendMessage, ${CLIENTS} clients: tasks/s`, figures(perSecond), whole, {
        ratio: (sdk, continuo) => continuo / sdk,
        target: '>= 7x',
        pass: (ratio) => ratio >= 7,
      }),
      row(
        '… beside the SDK in memory',
        { sdk: figure('sdk-memory', perSecond), continuo: figure('continuo', perSecond) },
        whole,
        { ratio: (sdk, continuo) => continuo / sdk, target: '>= 0.7x', pass: (ratio) => ratio >= 0.7 },
      ),
      row(
        '… CPU of server and PostgreSQL for a task, beside the SDK in memory',
        { sdk: cost('sdk-memory', cpu), continuo: cost('continuo', cpu) },
        milliseconds,
        { ratio: (sdk, continuo) => continuo / sdk, target: '<= 2x', pass: (ratio) => ratio <= 2 },
      ),
      row('… write-ahead log for a task', { sdk: cost('sdk', wal), continuo: cost('continuo', wal) }, bytes, {
        ratio: (sdk, continuo) => continuo / sdk,
      }),
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

/** @param {readonly number[]} latencies @param {number} seconds */
function perSecond(latencies, seconds) {
  return latencies.length / seconds;
}

/** @param {import("../costs.mjs").Costs} costs */
function cpu({ cpuMs }) {
  return cpuMs;
}

/** @param {import("../costs.mjs").Costs} costs */
function wal({ walBytes }) {
  return walBytes;
}
