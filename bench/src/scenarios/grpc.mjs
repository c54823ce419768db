/** Blocking SendMessage and streams over gRPC, beside the same over JSON-RPC: on one server, in turn. */
import { row, whole } from '../bench.mjs';
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
      const base = server?.base ?? '';
      /** @type {Record<string, { sent: number, sendSeconds: number, chunks: number, streamSeconds: number }[]>} */
      const results = { JSONRPC: [], GRPC: [] };
      for (const binding of BINDINGS) {
        await client.run('send', { base, binding, clients: CLIENTS, seconds: seconds / 2 });
        await client.run('stream', { base, binding, chunks: CHUNKS, tasks: AT_ONCE * 2, atOnce: AT_ONCE });
      }
      for (let round = 0; round < rounds; round += 1) {
        for (const binding of BINDINGS) {
          await postgres.settle();
          const sent = await client.run('send', { base, binding, clients: CLIENTS, seconds });
          const load = { base, binding, chunks: CHUNKS, tasks: AT_ONCE * 10, atOnce: AT_ONCE };
          const streamed = await client.run('stream', load);
          results[binding]?.push({
            sent: sent.latencies.length,
            sendSeconds: sent.seconds,
            chunks: streamed.chunks,
            streamSeconds: streamed.seconds,
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
      const comparison = {
        ratio: (/** @type {number} */ rpc, /** @type {number} */ overGrpc) => overGrpc / rpc,
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
      ];
    },
    { CONTINUO_GRPC_PORT: '0' },
  );
}
