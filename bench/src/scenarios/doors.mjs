/** The same streams through each door, beside A2A's: on one server, in turn. */
import { milliseconds, row, times, whole } from '../bench.mjs';
import { costEach, withCosts } from '../costs.mjs';
import { DOORS } from '../doors-client.mjs';
import { withServers } from '../servers.mjs';
import { median } from '../stats.mjs';

const CHUNKS = 500;
const AT_ONCE = 4;
const MANY = 5_000;
const LINEAR_BELOW = 12;

/** @typedef {import("../doors-client.mjs").DoorName} DoorName */
/**
 * @typedef {object} Round
 * @property {number} chunks
 * @property {number} seconds
 * @property {import("../costs.mjs").Costs} costs
 * @property {number} few seconds of one stream alone, of CHUNKS
 * @property {number} many of MANY
 */

/** @type {Readonly<Record<DoorName, string>>} */
const NAMES = {
  a2a: 'A2A, JSON-RPC',
  a2aRest: 'A2A, HTTP+JSON',
  chat: 'OpenAI chat completions',
  responses: 'OpenAI responses',
  agUi: 'AG-UI',
  aiSdk: 'AI SDK',
  a2aProgress: 'A2A, progress',
  mcp: 'MCP, progress',
};
const names = /** @type {readonly DoorName[]} */ (Object.keys(DOORS));

/** @type {import("../bench.mjs").Scenario} */
export function doors(bench) {
  const { client, options, postgres, log } = bench;
  const rounds = options.quick ? 1 : 5;
  return withServers(bench, 'doors', ['continuo'], async ([server]) => {
    if (server === undefined) return [];
    const { base } = server;
    /** @type {Map<DoorName, Round[]>} */
    const results = new Map(names.map((door) => [door, []]));
    const warmUp = { base, chunks: CHUNKS, tasks: AT_ONCE * 2, atOnce: AT_ONCE };
    for (const door of names) await client.run('door', { ...warmUp, door });
    for (let round = 0; round < rounds; round += 1) {
      // In turn the first, as the database grows.
      for (const door of round % 2 === 0 ? names : names.toReversed()) {
        await postgres.settle();
        const load = { base, door, chunks: CHUNKS, tasks: AT_ONCE * (options.quick ? 5 : 10), atOnce: AT_ONCE };
        const ran = await withCosts(bench, server, () => client.run('door', load));
        const alone = { base, door, tasks: 1, atOnce: 1 };
        const few = await client.run('door', { ...alone, chunks: CHUNKS });
        const many = await client.run('door', { ...alone, chunks: MANY });
        results.get(door)?.push({ ...ran, few: few.seconds, many: many.seconds });
        log(`doors: ${NAMES[door]} ${whole(perSecond(ran))} chunks/s in ${whole(ran.events)} events`);
      }
    }
    return names.flatMap((door) => {
      const { beside } = DOORS[door];
      if (beside === undefined) return [];
      return rowsOf(`${NAMES[door]}, beside ${NAMES[beside]}`, results.get(door) ?? [], results.get(beside) ?? []);
    });
  });
}

/** @param {string} name @param {readonly Round[]} rounds @param {readonly Round[]} others those of A2A */
function rowsOf(name, rounds, others) {
  const speeds = rounds.map(perSecond);
  const otherSpeeds = others.map(perSecond);
  const ratios = speeds.map((speed, round) => speed / (otherSpeeds[round] ?? Number.NaN));
  const growth = median(rounds.map(({ many }) => many)) / median(rounds.map(({ few }) => few));
  return [
    row(
      `${name}: ${CHUNKS} chunks, ${AT_ONCE} at once, chunks/s`,
      { sdk: median(otherSpeeds), continuo: median(speeds) },
      whole,
      { ratio: () => median(ratios), target: '>= 0.5x', pass: (ratio) => ratio >= 0.5 },
    ),
    row(
      '… CPU of the server for 1,000 chunks',
      { sdk: cpuOfThousand(others), continuo: cpuOfThousand(rounds) },
      milliseconds,
      { ratio: (sdk, continuo) => continuo / sdk },
    ),
    {
      ...row(`… ${MANY} chunks alone, beside ${CHUNKS}: time`, { continuo: growth }, times),
      target: `<= ${LINEAR_BELOW}x`,
      pass: growth <= LINEAR_BELOW,
    },
  ];
}

/** @param {{ chunks: number, seconds: number }} round */
const perSecond = ({ chunks, seconds }) => chunks / seconds;

/** @param {readonly Round[]} rounds */
function cpuOfThousand(rounds) {
  const each = costEach(
    rounds,
    ({ serverMs }) => serverMs,
    ({ chunks }) => chunks,
  );
  return each === undefined ? undefined : each * 1000;
}
