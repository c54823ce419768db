/** Durable steps, side by side with DBOS used directly: tasks of five, what one adds, and how the cost of many grows. */
import { inTurn, milliseconds, row, times, whole } from '../bench.mjs';
import { withServers } from '../servers.mjs';
import { median, sum } from '../stats.mjs';

const CLIENTS = 32;
const STEPS = 5;
const FEW = 100;
const MANY = 1_000;
/** Ten times the steps, within a fifth. */
const LINEAR_BELOW = 12;

/** @param {number} dbos @param {number} continuo */
const ratio = (dbos, continuo) => continuo / dbos;
const FIVE_TIMES = { ratio, target: '>= 5x', pass: (/** @type {number} */ found) => found >= 5 };
const HALF = { ratio, target: '<= 0.5x', pass: (/** @type {number} */ found) => found <= 0.5 };

/** @type {import("../bench.mjs").Scenario} */
export function steps(bench) {
  const { client, options, log } = bench;
  const seconds = options.quick ? 2 : 8;
  const rounds = options.quick ? 1 : 4;
  const names = /** @type {const} */ (['dbos', 'continuo', 'continuo-direct']);
  return withServers(bench, 'steps', names, async (servers) => {
    const load = (/** @type {number} */ length) => ({ clients: CLIENTS, seconds: length, steps: STEPS });
    for (const { name, base } of servers) await client.run('steps', { name, base, ...load(seconds / 2) });
    const ran = await inTurn(bench, servers, rounds, async ({ name, base }) => {
      const result = await client.run('steps', { name, base, ...load(seconds) });
      log(`steps: ${name} ${whole(result.latencies.length / result.seconds)} tasks/s`);
      return result;
    });
    const perSecond = figures((name) => {
      const results = ran.get(name) ?? [];
      return sum(results.map(({ latencies }) => latencies.length)) / sum(results.map((result) => result.seconds));
    });
    const alone = async (/** @type {number} */ count) => {
      const results = await inTurn(bench, servers, options.quick ? 2 : 5, ({ name, base }) =>
        client.run('stepsAlone', { name, base, steps: count, times: 20 }),
      );
      return figures((name) => median((results.get(name) ?? []).flatMap(({ latencies }) => latencies)));
    };
    const [one, more] = [await alone(1), await alone(21)];
    const added = figures((name) => (more[name] - one[name]) / 20);
    const ours = servers.filter(({ name }) => name === 'continuo');
    const grown = async (/** @type {number} */ count) => {
      const results = await inTurn(bench, ours, options.quick ? 2 : 7, async ({ base }) => {
        const result = await client.run('resume', { base, steps: count });
        log(`steps: ${count} in ${milliseconds(result.runMs)}, resumed in ${milliseconds(result.resumeMs)}`);
        return result;
      });
      const all = results.get('continuo') ?? [];
      return { run: median(all.map(({ runMs }) => runMs)), resume: median(all.map(({ resumeMs }) => resumeMs)) };
    };
    const [few, many] = [await grown(FEW), await grown(MANY)];
    const growth = (/** @type {"run" | "resume"} */ what) => ({
      ...row(`… growth`, { continuo: many[what] / few[what] }, times),
      target: `about 10x (<= ${LINEAR_BELOW}x)`,
      pass: many[what] / few[what] <= LINEAR_BELOW,
    });
    return [
      row(
        `Tasks of ${STEPS} durable steps, ${CLIENTS} at once: tasks/s, beside DBOS`,
        beside(perSecond),
        whole,
        FIVE_TIMES,
      ),
      row('… each called in its own process', beside(perSecond, 'continuo-direct'), whole, FIVE_TIMES),
      row('One step more, alone: median, beside DBOS', beside(added), milliseconds, HALF),
      row('… each called in its own process', beside(added, 'continuo-direct'), milliseconds, HALF),
      row(`A task of ${MANY} steps: median`, { continuo: many.run }, milliseconds),
      growth('run'),
      row(`… resumed behind its last step`, { continuo: many.resume }, milliseconds),
      growth('resume'),
    ];
  });
}

/** @typedef {"dbos" | "continuo" | "continuo-direct"} Name */

/**
 * @param {(name: Name) => number} figure
 * @returns {Readonly<Record<Name, number>>}
 */
function figures(figure) {
  return { dbos: figure('dbos'), continuo: figure('continuo'), 'continuo-direct': figure('continuo-direct') };
}

/**
 * The other side's column, and ours.
 *
 * @param {Readonly<Record<Name, number>>} all
 * @param {Name} [ours]
 */
function beside(all, ours = 'continuo') {
  return { sdk: all.dbos, continuo: all[ours] };
}
