/** One task that streams to many subscribers of one instance: events per second, and what one event costs. */
import { bytes, inTurn, row, whole } from '../bench.mjs';
import { withCosts } from '../costs.mjs';
import { withServers } from '../servers.mjs';
import { sum } from '../stats.mjs';

const SUBSCRIBERS = 500;
const CHUNKS = 500;

/** @type {import("../bench.mjs").Scenario} */
export async function fanout(bench) {
  const { client, options, log } = bench;
  if (!options.servers.includes('continuo')) return [];
  return withServers(bench, 'fanout', ['continuo'], async (servers) => {
    for (const { base } of servers) await client.run('fanout', { base, subscribers: 50, chunks: CHUNKS });
    const results = await inTurn(bench, servers, options.quick ? 1 : 5, async (server) => {
      const load = { base: server.base, subscribers: SUBSCRIBERS, chunks: CHUNKS };
      const result = await withCosts(bench, server, () => client.run('fanout', load));
      log(`fanout: ${whole(result.events / result.seconds)} events/s, ${whole(result.events / SUBSCRIBERS)} to each`);
      return result;
    });
    const ran = results.get('continuo') ?? [];
    const events = sum(ran.map((result) => result.events));
    const spent = ran.map(({ costs }) => costs.cpuMs);
    const cpu = spent.includes(undefined) ? undefined : (sum(spent.map(Number)) / events) * 1000;
    return [
      row(
        `One task to ${SUBSCRIBERS} subscribers: events/s`,
        { continuo: events / sum(ran.map(({ seconds }) => seconds)) },
        whole,
      ),
      row(
        '… CPU of server and PostgreSQL for an event and subscriber',
        { continuo: cpu },
        (us) => `${us.toFixed(1)} µs`,
      ),
      row('… of an event on the wire', { continuo: sum(ran.map((result) => result.bytes)) / events }, bytes),
    ];
  });
}
