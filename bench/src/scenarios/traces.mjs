/** What traces cost: the same server without them, and with one in ten of them sent to a collector, in turn. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { milliseconds, row, whole } from '../bench.mjs';
import { costEach, withCosts } from '../costs.mjs';
import { startServer } from '../servers.mjs';
import { median } from '../stats.mjs';

const CLIENTS = 32;
const STEPS = 5;
const WAYS = /** @type {const} */ (['off', 'on']);

/** @returns {Promise<{ url: string, close: () => void }>} a collector that takes everything and keeps nothing */
async function startCollector() {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200).end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

/** @type {import("../bench.mjs").Scenario} */
export async function traces(bench) {
  const { client, options, postgres, log } = bench;
  const seconds = options.quick ? 2 : 6;
  const rounds = options.quick ? 1 : 6;
  const collector = await startCollector();
  const on = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.1',
  };
  const begin = async (/** @type {"off" | "on"} */ way) => {
    const databaseUrl = await postgres.createDatabase(`traces_${way}`);
    return { ...(await startServer('continuo', databaseUrl, way === 'on' ? on : {})), databaseUrl };
  };
  const servers = { off: await begin('off'), on: await begin('on') };
  try {
    /** @type {Record<string, { tasks: number, perSecond: number, costs: import("../costs.mjs").Costs }[]>} */
    const results = { off: [], on: [] };
    const load = (/** @type {"off" | "on"} */ way, /** @type {number} */ length) =>
      client.run('steps', {
        name: 'continuo',
        base: servers[way].base,
        clients: CLIENTS,
        seconds: length,
        steps: STEPS,
      });
    for (const way of WAYS) await load(way, seconds / 2);
    for (let round = 0; round < rounds; round += 1) {
      for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
        await postgres.settle();
        const ran = await withCosts(bench, servers[way], () => load(way, seconds));
        const tasks = ran.latencies.length;
        results[way]?.push({ tasks, perSecond: tasks / ran.seconds, costs: ran.costs });
        log(`traces: ${way} ${whole(tasks / ran.seconds)} tasks/s`);
      }
    }
    const speed = (/** @type {"off" | "on"} */ way) => median((results[way] ?? []).map(({ perSecond }) => perSecond));
    const cpu = (/** @type {"off" | "on"} */ way) =>
      costEach(
        results[way],
        ({ serverMs }) => serverMs,
        ({ tasks }) => tasks,
      );
    const [without, within] = WAYS.map(cpu);
    const each = without === undefined || within === undefined ? {} : { sdk: without, continuo: within };
    const ratio = (/** @type {number} */ off, /** @type {number} */ traced) => traced / off;
    return [
      row(
        `Traces at 10 % sampling, beside none: tasks of ${STEPS} steps, ${CLIENTS} at once, tasks/s`,
        { sdk: speed('off'), continuo: speed('on') },
        whole,
        { ratio, target: '> 0.95x', pass: (found) => found > 0.95 },
      ),
      row('… CPU of the server for a task', each, milliseconds, { ratio }),
    ];
  } finally {
    for (const way of WAYS) await servers[way].stop();
    collector.close();
  }
}
