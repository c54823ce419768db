/** What a scenario is given and what it gives back. */

/** @typedef {import("./servers.mjs").Server & { readonly databaseUrl: string }} RunningServer */
/**
 * @typedef {object} Bench
 * @property {import("./options.mjs").Options} options
 * @property {import("./postgres.mjs").Postgres} postgres
 * @property {import("./client-handle.mjs").ClientHandle} client
 * @property {(line: string) => void} log progress, for who watches
 */
/**
 * One row of the table.
 *
 * @typedef {object} Row
 * @property {string} measure what was measured, with its unit
 * @property {string} sdk the SDK's figure, or "" where it has none
 * @property {string} continuo
 * @property {string} ratio
 * @property {string} target
 * @property {boolean | undefined} pass undefined when the row has no target, or the figures for it are missing
 */
/** @typedef {(bench: Bench) => Promise<readonly Row[]>} Scenario */

/**
 * Drives each server in turn, round after round, so that what the machine does meanwhile meets both alike.
 *
 * @template T
 * @param {Bench} bench
 * @param {readonly RunningServer[]} servers
 * @param {number} rounds
 * @param {(server: RunningServer) => Promise<T>} work
 * @returns {Promise<ReadonlyMap<import("./options.mjs").ServerName, readonly T[]>>} each server's results, by round
 */
export async function inTurn({ postgres }, servers, rounds, work) {
  /** @type {Map<import("./options.mjs").ServerName, T[]>} */
  const results = new Map(servers.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const server of servers) {
      await postgres.settle();
      results.get(server.name)?.push(await work(server));
    }
  }
  return results;
}

/**
 * @param {string} measure
 * @param {{ sdk?: number, continuo?: number }} figures
 * @param {(figure: number) => string} format
 * @param {{ ratio?: (sdk: number, continuo: number) => number, target?: string, pass?: (ratio: number) => boolean }} [comparison]
 *   `ratio` of the two figures is shown, and `pass` judges it
 * @returns {Row}
 */
export function row(measure, { sdk, continuo }, format, { ratio, target = '', pass } = {}) {
  const value = ratio !== undefined && sdk !== undefined && continuo !== undefined ? ratio(sdk, continuo) : undefined;
  return {
    measure,
    sdk: sdk === undefined ? '' : format(sdk),
    continuo: continuo === undefined ? '' : format(continuo),
    ratio: value === undefined ? '' : `${value.toFixed(2)}x`,
    target,
    pass: value === undefined || pass === undefined ? undefined : pass(value),
  };
}

/** @param {number} figure */
export const whole = (figure) => Math.round(figure).toLocaleString('en');

/** @param {number} figure milliseconds */
export const milliseconds = (figure) => `${figure.toFixed(figure < 10 ? 2 : figure < 100 ? 1 : 0)} ms`;

/** @param {number} figure */
export const times = (figure) => `${figure.toFixed(2)}x`;

/** @param {number} figure */
export const bytes = (figure) => `${Math.round(figure).toLocaleString('en')} bytes`;
