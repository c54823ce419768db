/** Blocking SendMessage and streams over gRPC, beside the same over JSON-RPC: on one server, in turn. */
import { milliseconds, row, whole } from '../bench.mjs';
import { costEach, withCosts } from '../costs.mjs';
import { withServers } from '../servers.mjs';
import { sum } from '../stats.mjs';

const CLIENTS = 32;
const CHUNKS = 500;
const AT_ONCE = 4;
const BINDINGS = /** @type {const} */ (['JSONRPC', 'GRPC']);
/** What makes the calls: a client that does no more than it must, or the official SDK's. */
const BY = /** @type {const} */ (['bare', 'official']);
const PAIRS = BY.flatMap((by) => BINDINGS.map((binding) => ({ by, binding })));

/** @typedef {{ sent: number, sendSeconds: number, apart: number, apartSeconds: number, chunks: number, streamSeconds: number, costs: import("../costs.mjs").Costs }} Round */
/** @typedef {typeof PAIRS[number]} Pair */

const comparison = {
  ratio: (/** @type {number} */ jsonRpc, /** @type {number} */ overGrpc) => overGrpc / jsonRpc,
  target: '>= 1x',
  pass: (/** @type {number} */ ratio) => ratio >= 1,
};

/** @type {import("../bench.mjs").Scenario} */
export function grpc(bench) {
  const { client, options, postgres, log } = bench;
  // Many short rounds: a machine's speed changes from one moment to the next by more than the bindings differ.
  const seconds = 1.5;
  const rounds = options.quick ? 2 : 20;
  return withServers(
    bench,
    'grpc',
    ['continuo'],
    async ([server]) => {
      if (server === undefined) return [];
      const { base } = server;
      /** @type {Map<Pair, Round[]>} */
      const results = new Map(PAIRS.map((pair) => [pair, []]));
      for (const pair of PAIRS) {
        await client.run('send', { base, ...pair, clients: CLIENTS, seconds: 3 });
        await client.run('stream', { base, ...pair, chunks: CHUNKS, tasks: AT_ONCE * 10, atOnce: AT_ONCE });
      }
      for (let round = 0; round < rounds; round += 1) {
        // In turn the first, as the database grows.
        for (const pair of round % 2 === 0 ? PAIRS : PAIRS.toReversed()) {
          await postgres.settle();
          const sent = await client.run('send', { base, ...pair, clients: CLIENTS, seconds });
          // Over JSON-RPC each client has a connection of its own in any case.
          const sharesOne = pair.binding === 'GRPC' && pair.by === 'bare';
          const apart = sharesOne
            ? await client.run('send', { base, ...pair, clients: CLIENTS, seconds, apart: true })
            : sent;
          const load = { base, ...pair, chunks: CHUNKS, tasks: AT_ONCE * 10, atOnce: AT_ONCE };
          const streamed = await withCosts(bench, server, () => client.run('stream', load));
          results.get(pair)?.push({
            sent: sent.latencies.length,
            sendSeconds: sent.seconds,
            apart: apart.latencies.length,
            apartSeconds: apart.seconds,
            chunks: streamed.chunks,
            streamSeconds: streamed.seconds,
            costs: streamed.costs,
          });
          const perSecond = sent.latencies.length / sent.seconds;
          const chunksPerSecond = streamed.chunks / streamed.seconds;
          log(`grpc: ${pair.binding}, ${pair.by}: ${whole(perSecond)} tasks/s, ${whole(chunksPerSecond)} chunks/s`);
        }
      }
      return BY.flatMap((by) =>
        rowsOf(
          by,
          BINDINGS.map((binding) => roundsOf(results, by, binding)),
        ),
      );
    },
    { CONTINUO_GRPC_PORT: '0' },
  );
}

/** @param {Map<Pair, Round[]>} results @param {Pair["by"]} by @param {Pair["binding"]} binding */
function roundsOf(results, by, binding) {
  return [...results].flatMap(([pair, rounds]) => (pair.by === by && pair.binding === binding ? rounds : []));
}

/** @param {Pair["by"]} by @param {readonly Round[][]} rounds over JSON-RPC, and over gRPC */
function rowsOf(by, [jsonRpc = [], overGrpc = []]) {
  /** @param {"sent" | "apart" | "chunks"} what @param {"sendSeconds" | "apartSeconds" | "streamSeconds"} within */
  const figures = (what, within) => {
    /** @param {readonly Round[]} ran */
    const of = (ran) => sum(ran.map((round) => round[what])) / sum(ran.map((round) => round[within]));
    return { sdk: of(jsonRpc), continuo: of(overGrpc) };
  };
  /** @param {"serverMs" | "clientMs"} whose */
  const cpuOf = (whose) => {
    const [rpc, other] = [jsonRpc, overGrpc].map((ran) =>
      costEach(
        ran,
        (costs) => costs[whose],
        ({ chunks }) => chunks / 1000,
      ),
    );
    return { sdk: rpc, continuo: other };
  };
  const client = by === 'bare' ? 'a client that does no more than it must' : "the official SDK's client";
  const name = `Over gRPC, beside Continuo's JSON-RPC, by ${client}`;
  return [
    row(
      `${name}: blocking SendMessage, ${CLIENTS} at once, tasks/s`,
      figures('sent', 'sendSeconds'),
      whole,
      comparison,
    ),
    ...(by === 'bare'
      ? [
          row(
            '… each over a connection of its own, as over JSON-RPC, tasks/s',
            figures('apart', 'apartSeconds'),
            whole,
            comparison,
          ),
        ]
      : []),
    row(
      `… streams of ${CHUNKS} chunks, ${AT_ONCE} at once, chunks/s`,
      figures('chunks', 'streamSeconds'),
      whole,
      comparison,
    ),
    row('… CPU of the server for 1,000 chunks', cpuOf('serverMs'), milliseconds, { ratio: comparison.ratio }),
    row('… CPU of the client for 1,000 chunks', cpuOf('clientMs'), milliseconds, { ratio: comparison.ratio }),
  ];
}
