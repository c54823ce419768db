/** What event streams cost that say nothing: memory of each, and CPU of server and PostgreSQL while they are open. */
import { row, whole } from '../bench.mjs';
import { withCosts } from '../costs.mjs';
import { withServers } from '../servers.mjs';

const STREAMS = 2_000;
const MOST_KILOBYTES = 20;
const MOST_CPU = 0.02;
/** Until nothing is left of what was opened or closed just before; V8 tidies up for most of a minute. */
const QUIET_MS = 60_000;

const KINDS = /** @type {const} */ (['task', 'session']);

/** @typedef {import("../servers.mjs").Memory} Memory */

/** @param {number} figure bytes */
const kilobytes = (figure) => `${(figure / 1000).toFixed(1)} kB`;
/** @param {number} figure of a core */
const percent = (figure) => `${(figure * 100).toFixed(2)} %`;
/** @param {number} ms */
const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @type {import("../bench.mjs").Scenario} */
export async function idle(bench) {
  const { client, options, log } = bench;
  if (!options.servers.includes('continuo')) return [];
  const seconds = options.quick ? 10 : 60;
  return withServers(bench, 'idle', ['continuo'], async (servers) => {
    const [server] = servers;
    if (server === undefined) return [];
    const { base, memory } = server;
    const tasks = await client.run('waitingTasks', { base, tasks: STREAMS / 2 });

    const cpu = async (/** @type {string} */ what) => {
      const { took, costs } = await withCosts(bench, server, async () => {
        const start = performance.now();
        await delay(seconds * 1000);
        return { took: performance.now() - start };
      });
      /** @param {number | undefined} ms */
      const part = (ms) => (ms === undefined ? undefined : ms / took);
      const used = { server: part(costs.serverMs), database: part(costs.databaseMs) };
      log(
        `idle: ${what}: server ${percent(used.server ?? NaN)}, PostgreSQL ${percent(used.database ?? NaN)} of a core`,
      );
      return used;
    };
    /** What one of so many streams takes, heap and resident. @param {Memory} before @param {Memory} after @param {number} count */
    const each = (before, after, count) => ({
      heap: (after.heap - before.heap) / count,
      resident: (after.resident - before.resident) / count,
    });

    await delay(QUIET_MS);
    const first = await memory();
    // Once for nothing, for the heap: what the first streams leave behind, like compiled code, is none of theirs. Resident
    // memory is compared with that before them, as it doesn't shrink when they are closed.
    for (const kind of KINDS) await client.run('openStreams', { base, kind, tasks });
    await client.run('closeStreams', { expected: STREAMS });
    await delay(QUIET_MS);
    const without = await cpu('no streams');
    const rest = await memory();
    /** @type {Record<string, ReturnType<typeof each>>} */
    const kinds = {};
    let before = rest;
    for (const kind of KINDS) {
      await client.run('openStreams', { base, kind, tasks });
      await delay(QUIET_MS);
      const after = await memory();
      kinds[kind] = each(before, after, tasks.length);
      log(`idle: a ${kind}'s stream: heap ${kilobytes(kinds[kind].heap)}`);
      before = after;
    }
    const withStreams = await cpu(`${whole(STREAMS)} streams`);
    const last = await memory();
    const all = { heap: each(rest, last, STREAMS).heap, resident: each(first, last, STREAMS).resident };
    await client.run('closeStreams', { expected: STREAMS });

    /** @param {string} measure @param {number | undefined} continuo @param {(figure: number) => string} format @param {number} most */
    const limited = (measure, continuo, format, most) => ({
      ...row(measure, { continuo }, format),
      target: `< ${format(most)}`,
      pass: continuo === undefined ? undefined : continuo < most,
    });
    return [
      limited(
        `${whole(STREAMS)} idle streams of tasks and sessions: heap of one`,
        all.heap,
        kilobytes,
        MOST_KILOBYTES * 1000,
      ),
      limited('… resident memory of one', all.resident, kilobytes, MOST_KILOBYTES * 1000),
      row("… heap of a task's, of those", { continuo: kinds.task?.heap }, kilobytes),
      row("… heap of a session's, of those", { continuo: kinds.session?.heap }, kilobytes),
      limited('… CPU of the server with them, of a core', withStreams.server, percent, MOST_CPU),
      row('… CPU of the server without them', { continuo: without.server }, percent),
      row('… CPU of PostgreSQL with them', { continuo: withStreams.database }, percent),
      row('… CPU of PostgreSQL without them', { continuo: without.database }, percent),
    ];
  });
}
