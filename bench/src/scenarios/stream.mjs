/** Tasks that stream 500 chunks, four at once, each read to its end: chunks per second. */
import { bytes, inTurn, milliseconds, row, whole } from '../bench.mjs';
import { costEach, withCosts } from '../costs.mjs';
import { withServers } from '../servers.mjs';
import { sum } from '../stats.mjs';

const CHUNKS = 500;
const AT_ONCE = 4;

/** @type {import("../bench.mjs").Scenario} */
export function stream(bench) {
  const { client, options, log } = bench;
  const rounds = options.quick ? 1 : 3;
  return withServers(bench, 'stream', options.servers, async (servers) => {
    for (const { base } of servers) {
      await client.run('stream', { base, chunks: CHUNKS / 5, tasks: AT_ONCE * 2, atOnce: AT_ONCE });
    }
    const results = await inTurn(bench, servers, rounds, async (server) => {
      const { name, base } = server;
      // The SDK's cost is quadratic in the chunks, so it gets fewer tasks a round.
      const load = { base, chunks: CHUNKS, tasks: name === 'sdk' ? AT_ONCE : AT_ONCE * 10, atOnce: AT_ONCE };
      const result = await withCosts(bench, server, () => client.run('stream', load));
      log(`stream: ${name} ${whole(result.chunks / result.seconds)} chunks/s, ${result.events} events`);
      return result;
    });
    /** @param {"sdk" | "continuo"} name */
    const perSecond = (name) => {
      const ran = results.get(name);
      return ran && sum(ran.map(({ chunks }) => chunks)) / sum(ran.map(({ seconds }) => seconds));
    };
    /** @param {"sdk" | "continuo"} name @param {(costs: import("../costs.mjs").Costs) => number | undefined} of */
    const cost = (name, of) => costEach(results.get(name), of, (round) => round.chunks);
    return [
      row(
        `Streams of ${CHUNKS} chunks, ${AT_ONCE} at once: chunks/s`,
        { sdk: perSecond('sdk'), continuo: perSecond('continuo') },
        whole,
        { ratio: (sdk, continuo) => continuo / sdk, target: '>= 60x', pass: (ratio) => ratio >= 60 },
      ),
      row(
        '… CPU of server and PostgreSQL for a chunk',
        { sdk: cost('sdk', ({ cpuMs }) => cpuMs), continuo: cost('continuo', ({ cpuMs }) => cpuMs) },
        milliseconds,
        { ratio: (sdk, continuo) => continuo / sdk },
      ),
      row(
        '… write-ahead log for a chunk',
        { sdk: cost('sdk', ({ walBytes }) => walBytes), continuo: cost('continuo', ({ walBytes }) => walBytes) },
        bytes,
        { ratio: (sdk, continuo) => continuo / sdk },
      ),
    ];
  });
}
