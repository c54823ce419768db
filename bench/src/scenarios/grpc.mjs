/** Blocking SendMessage and streams over gRPC, beside the same over JSON-RPC: on one server, in turn. */
import { milliseconds, row, whole } from '../bench.mjs';
import { costEach, withCosts } from '../costs.mjs';
import { withServers } from '../servers.mjs';
import { sum } from '../stats.mjs';

const CLIENTS = 32;
const CHUNKS = 500;
const AT_ONCE = 4;
const BINDINGS = /** @type {const} */ (['JSONRPC', 'GRPC']);

/** @type {import("../bench.mjs").Scenario} */
export function grpc(bench) {
  const { client, options, postgres, log } = bench;
  const seconds = options.quick ? 2 : 6;
  const rounds = options.quick ? 1 : 4;
  return withServers(
    bench,
    'grpc',
    ['continuo'],
    async ([server]) => {
      if (server === undefined) return [];
      const { base } = server;
      /** @type {Record<string, { sent: number, sendSeconds: number, chunks: number, streamSeconds: number, costs: import("../costs.mjs").Costs }[]>} */
      const results = { JSONRPC: [], GRPC: [] };
      for (const binding of BINDINGS) {
        await client.run('send', { base, binding, clients: CLIENTS, seconds: seconds / 2 });
        await client.run('stream', { base, binding, chunks: CHUNKS, tasks: AT_ONCE * 2, atOnce: AT_ONCE });
      }
      for (let round = 0; round < rounds; round += 1) {
        // In turn the first, as the database grows.
        for (const binding of round % 2 === 0 ? BINDINGS : BINDINGS.toReversed()) {
          await postgres.settle();
          const sent = await client.run('send', { base, binding, clients: CLIENTS, seconds });
          const load = { base, binding, chunks: CHUNKS, tasks: AT_ONCE * (options.quick ? 10 : 40), atOnce: AT_ONCE };
          const streamed = await withCosts(bench, server, () => client.run('stream', load));
          results[binding]?.push({
            sent: sent.latencies.length,
            sendSeconds: sent.seconds,
            chunks: streamed.chunks,
            streamSeconds: streamed.seconds,
            costs: streamed.costs,
          });
          const perSecond = sent.latencies.length / sent.seconds;
          log(`grpc: ${binding} ${whole(perSecond)} tasks/s, ${whole(streamed.chunks / streamed.seconds)} chunks/s`);
        }
      }
      /** @param {"sent" | "chunks"} what @param {"sendSeconds" | "streamSeconds"} within */
      const figures = (what, within) => {
        /** @param {string} binding */
        const of = (binding) => {
          const ran = results[binding] ?? [];
          return sum(ran.map((round) => round[what])) / sum(ran.map((round) => round[within]));
        };
        return { sdk: of('JSONRPC'), continuo: of('GRPC') };
      };
      /** @param {string} binding of the server alone, for a chunk, in milliseconds */
      const cpuOf = (binding) =>
        costEach(
          results[binding],
          (costs) => costs.serverMs,
          ({ chunks }) => chunks,
        );
      const [rpc, overGrpc] = BINDINGS.map(cpuOf);
      const thousand =
        rpc === undefined || overGrpc === undefined ? {} : { sdk: rpc * 1000, continuo: overGrpc * 1000 };
      const comparison = {
        ratio: (/** @type {number} */ sdk, /** @type {number} */ continuo) => continuo / sdk,
        target: '>= 1x',
        pass: (/** @type {number} */ ratio) => ratio >= 1,
      };
      return [
        row(
          `Over gRPC, beside Continuo's JSON-RPC: blocking SendMessage, ${CLIENTS} clients, tasks/s`,
          figures('sent', 'sendSeconds'),
          whole,
          comparison,
        ),
        row(
          `… streams of ${CHUNKS} chunks, ${AT_ONCE} at once, chunks/s`,
          figures('chunks', 'streamSeconds'),
          whole,
          comparison,
        ),
        row('… CPU of the server for 1,000 chunks', thousand, milliseconds, { ratio: comparison.ratio }),
      ];
    },
    { CONTINUO_GRPC_PORT: '0' },
  );
}
