/** Tasks that stream 500 chunks, four at once, each read to its end: chunks per second. */
import { inTurn, row, whole } from '../bench.mjs';
import { withServers } from '../servers.mjs';
import { sum } from '../stats.mjs';

const CHUNKS = 500;
const AT_ONCE = 4;
/** The SDK's cost is quadratic in the chunks, so it gets fewer tasks a round. */
const TASKS = { sdk: AT_ONCE, continuo: AT_ONCE * 10 };

/** @type {import("../bench.mjs").Scenario} */
export function stream(bench) {
  const { client, options, log } = bench;
  const rounds = options.quick ? 1 : 3;
  return withServers(bench, 'stream', options.servers, async (servers) => {
    for (const { base } of servers) {
      await client.run('stream', { base, chunks: CHUNKS / 5, tasks: AT_ONCE * 2, atOnce: AT_ONCE });
    }
    const results = await inTurn(bench, servers, rounds, async ({ name, base }) => {
      const result = await client.run('stream', { base, chunks: CHUNKS, tasks: TASKS[name], atOnce: AT_ONCE });
      log(`stream: ${name} ${whole(result.chunks / result.seconds)} chunks/s, ${result.events} events`);
      return result;
    });
    /** @param {"sdk" | "continuo"} name */
    const perSecond = (name) => {
      const ran = results.get(name);
      return ran && sum(ran.map(({ chunks }) => chunks)) / sum(ran.map(({ seconds }) => seconds));
    };
    return [
      row(
        `Streams of ${CHUNKS} chunks, ${AT_ONCE} at once: chunks/s`,
        { sdk: perSecond('sdk'), continuo: perSecond('continuo') },
        whole,
        { ratio: (sdk, continuo) => continuo / sdk, target: '>= 20x', pass: (ratio) => ratio >= 20 },
      ),
    ];
  });
}
