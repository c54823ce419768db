/** Whether ten times the chunks cost ten times the time, for one stream alone. */
import { inTurn, milliseconds, row, times } from '../bench.mjs';
import { withServers } from '../servers.mjs';
import { median } from '../stats.mjs';

const FEW = 500;
const MANY = 5_000;
const LINEAR_BELOW = 10;

/** @type {import("../bench.mjs").Scenario} */
export function linear(bench) {
  const { client, options, log } = bench;
  return withServers(bench, 'linear', options.servers, async (servers) => {
    /** @param {readonly import("../bench.mjs").RunningServer[]} driven @param {number} chunks @param {number} rounds */
    const measure = (driven, chunks, rounds) =>
      inTurn(bench, driven, rounds, async ({ name, base }) => {
        const { seconds } = await client.run('stream', { base, chunks, tasks: 1, atOnce: 1 });
        log(`linear: ${name} ${chunks} chunks in ${milliseconds(seconds * 1000)}`);
        return seconds * 1000;
      });
    await measure(servers, FEW, 1);
    const few = await measure(servers, FEW, options.quick ? 2 : 5);
    const many = await measure(servers, MANY, 1);
    // The SDK takes most of a minute for each, so only Continuo repeats it.
    const again = servers.filter(({ name }) => name === 'continuo');
    const more = await measure(again, MANY, options.quick ? 0 : 4);
    /** @param {(name: "sdk" | "continuo") => number} figure */
    const figures = (figure) => Object.fromEntries(servers.map(({ name }) => [name, figure(name)]));
    const short = figures((name) => median(few.get(name) ?? []));
    const long = figures((name) => median([...(many.get(name) ?? []), ...(more.get(name) ?? [])]));
    const growth = figures((name) => (long[name] ?? Number.NaN) / (short[name] ?? Number.NaN));
    return [
      row(`One stream of ${FEW} chunks: median`, short, milliseconds, { ratio: (sdk, ours) => ours / sdk }),
      row(`One stream of ${MANY} chunks: median`, long, milliseconds, { ratio: (sdk, ours) => ours / sdk }),
      {
        ...row('… growth', growth, times),
        target: `<= ${LINEAR_BELOW}x`,
        pass: growth.continuo === undefined ? undefined : growth.continuo <= LINEAR_BELOW,
      },
    ];
  });
}
