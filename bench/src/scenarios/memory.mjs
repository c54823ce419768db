/** Resident memory of the server process: at rest, at its peak under load, and idle again. */
import { row, whole } from '../bench.mjs';
import { peakMegabytes, residentMegabytes, settledMegabytes } from '../memory.mjs';
import { withServers } from '../servers.mjs';

const REST_SECONDS = 10;
const LIMIT_MB = 200;
const SETTLE_SECONDS = 60;

/** @param {number} figure */
const megabytes = (figure) => `${whole(figure)} MB`;

/** @type {import("../bench.mjs").Scenario} */
export function memory(bench) {
  const { client, options, log } = bench;
  const seconds = options.quick ? 5 : 30;
  return withServers(bench, 'memory', options.servers, async (servers) => {
    /** @type {Record<string, { rest: number, peak: number, after: number }>} */
    const figures = {};
    for (const { name, base, pid } of servers) {
      await new Promise((resolve) => setTimeout(resolve, REST_SECONDS * 1000));
      const rest = await residentMegabytes(pid);
      const peak = await peakMegabytes(pid, async () => {
        await client.run('send', { base, clients: 32, seconds });
        await client.run('stream', { base, chunks: 500, tasks: name === 'sdk' ? 4 : 40, atOnce: 4 });
      });
      const after = await settledMegabytes(pid, LIMIT_MB, SETTLE_SECONDS);
      figures[name] = { rest, peak, after: after.megabytes };
      log(
        `memory: ${name} ${megabytes(rest)} at rest, ${megabytes(peak)} peak, ` +
          `${megabytes(after.megabytes)} ${after.seconds.toFixed(0)} s after the load`,
      );
    }
    /** @param {"rest" | "peak" | "after"} when */
    const at = (when) => ({ sdk: figures.sdk?.[when], continuo: figures.continuo?.[when] });
    /** @param {string} measure @param {"rest" | "after"} when */
    const limited = (measure, when) => {
      const { continuo } = at(when);
      return {
        ...row(measure, at(when), megabytes),
        target: `< ${LIMIT_MB} MB`,
        pass: continuo === undefined ? undefined : continuo < LIMIT_MB,
      };
    };
    return [
      limited(`Resident memory ${REST_SECONDS} s after the start`, 'rest'),
      row('… peak under load', at('peak'), megabytes),
      limited(`… within ${SETTLE_SECONDS} s after the load`, 'after'),
    ];
  });
}
