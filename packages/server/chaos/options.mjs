/** The options of the run, from the command line. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

const usage = `npm run chaos -w @continuo/server -- [options]
  --minutes N     how long the monkey is loose (default 10; 0.5 is half a minute)
  --seed N        repeats the choices of an earlier run (default: a new one)
  --instances N   server processes (default 3)
  --load N        jobs at once (default 24)
  --without A,B   jobs that are left out, and deeds of the monkey (careless, silence)
  --calm          no monkey: the load alone
  --keep          keeps the data of a good run, too
  --directory D   where the data goes (default: a temporary directory)`;

/**
 * @typedef {object} Options
 * @property {number} milliseconds
 * @property {number} seed
 * @property {number} instances
 * @property {number} load
 * @property {readonly string[]} without
 * @property {boolean} calm
 * @property {boolean} keep
 * @property {string | undefined} directory
 */

/** @returns {Options} */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      instances: { type: 'string', default: '3' },
      load: { type: 'string', default: '24' },
      without: { type: 'string', default: '' },
      calm: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      directory: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const number = (name, least) => {
    const value = Number(values[name]);
    if (!Number.isFinite(value) || value < least) {
      console.error(`--${name}: expected a number of at least ${least}\n${usage}`);
      process.exit(2);
    }
    return value;
  };
  return {
    milliseconds: number('minutes', 0.05) * 60_000,
    seed: number('seed', 0),
    instances: number('instances', 1),
    load: number('load', 1),
    without: values.without.split(','),
    calm: values.calm,
    keep: values.keep,
    directory: values.directory,
  };
}
