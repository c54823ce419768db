/** Reads the command line and environment of `npm run bench`. */
import { parseArgs } from 'node:util';

const SCENARIO_NAMES = /** @type {const} */ ([
  'send',
  'stream',
  'steps',
  'linear',
  'list',
  'memory',
  'idle',
  'fanout',
  'grpc',
  'ready',
  'traces',
  'doors',
]);
const SERVER_NAMES = /** @type {const} */ (['sdk', 'continuo']);

/** @typedef {(typeof SCENARIO_NAMES)[number]} ScenarioName */
/** @typedef {(typeof SERVER_NAMES)[number] | 'dbos' | 'continuo-direct' | 'sdk-memory'} ServerName */
/**
 * @typedef {object} Options
 * @property {readonly ScenarioName[]} only scenarios to run, in order
 * @property {readonly (typeof SERVER_NAMES)[number][]} servers servers to drive; ratios need both
 * @property {boolean} write whether to put the table into docs/measurements.md
 * @property {number} tasks how many `list` has in the end
 * @property {boolean} quick shorter rounds, for trying the bench itself; its figures are noisy
 * @property {string | undefined} databaseUrl an existing PostgreSQL whose user may create databases
 * @property {string} command the command as typed, for the report
 */

const USAGE = `npm run bench -- [options]
  --only <names>     comma-separated scenarios: ${SCENARIO_NAMES.join(', ')}
  --servers <names>  comma-separated servers: ${SERVER_NAMES.join(', ')} (default: both)
  --tasks <number>   how many tasks the list has in the end (default 100000; a million takes minutes to make)
  --quick            short rounds, to try the bench itself
  --write            put the table into docs/measurements.md
  BENCH_DATABASE_URL names a PostgreSQL to use in place of the embedded one`;

/**
 * @template {string} T
 * @param {string | undefined} text comma-separated names
 * @param {readonly T[]} known
 * @returns {readonly T[]} the chosen names, all of them by default
 */
function chosen(text, known) {
  if (text === undefined) return known;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !known.some((candidate) => candidate === name));
  if (unknown !== undefined) {
    throw new Error(`Unknown name "${unknown}": expected some of ${known.join(', ')}.\n${USAGE}`);
  }
  return known.filter((candidate) => names.includes(candidate));
}

/** @param {string} text */
function taskCount(text) {
  const tasks = Number(text);
  if (/^\d+$/.test(text) && tasks > 1_000 && tasks <= 10_000_000) return tasks;
  throw new Error(`--tasks ${text}: expected a whole number from 1001 to 10000000.\n${USAGE}`);
}

/** @returns {Options} */
export function readOptions() {
  const args = process.argv.slice(2);
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      servers: { type: 'string' },
      quick: { type: 'boolean', default: false },
      tasks: { type: 'string', default: '100000' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  return {
    only: chosen(values.only, SCENARIO_NAMES),
    servers: chosen(values.servers, SERVER_NAMES),
    write: values.write,
    quick: values.quick,
    tasks: taskCount(values.tasks),
    databaseUrl: process.env.BENCH_DATABASE_URL,
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
  };
}
