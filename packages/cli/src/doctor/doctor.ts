/** What `continuo doctor` does: looks at one thing after the other, and tells each as soon as it is known. */
import { loadConfig, type Config } from '@continuo/server/commands';
import { counted } from '../terminal/counted.js';
import { messageOf } from '../terminal/message-of.js';
import type { RemoteOptions } from '../commands/server-command.js';
import { serverOf, urlGiven } from '../remote/server.js';
import { printable, printableJson } from '../terminal/printable.js';
import { write, type Terminal } from '../terminal/terminal.js';
import { databaseFindings } from './database.js';
import { noted, ok, wrong, type Finding, type Health } from './finding.js';
import { outsideFindings } from './outside.js';
import { portFindings } from './ports.js';
import { projectFindings } from './project.js';
import { runningFindings } from './running.js';

const marks: Readonly<Record<Health, string>> = { ok: '✓', note: '!', wrong: '✗' };
/** Of the longest thing that is looked at. */
const WIDTH = 12;

/** Exit code 1 when something is wrong. */
export async function doctor(options: RemoteOptions, terminal: Terminal): Promise<void> {
  const findings: Finding[] = [];
  for await (const finding of look(options, terminal)) {
    findings.push(finding);
    if (options.json !== true) await write(terminal.stdout, `${tell(finding, terminal)}\n`);
  }
  const count = findings.filter(({ health }) => health === 'wrong').length;
  const isOk = count === 0;
  const { green, red } = terminal.colours;
  const sum = isOk ? green('All is well.') : red(`${counted(count, 'thing is', 'things are')} wrong.`);
  const json = options.json === true;
  await write(terminal.stdout, json ? `${printableJson({ ok: isOk, findings }, 2)}\n` : `\n${sum}\n`);
  process.exitCode = isOk ? 0 : 1;
}

async function* look(options: RemoteOptions, { env }: Terminal): AsyncGenerator<Finding> {
  yield* projectFindings(process.cwd());
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    yield wrong('environment', messageOf(error), 'Mend the variables that are named, here or in .env.');
    return;
  }
  yield config.unknownVariables.length === 0
    ? ok('environment', 'every CONTINUO_ variable is known')
    : noted('environment', `nothing reads ${config.unknownVariables.join(', ')}`, 'Check how they are spelt.');
  const own = yield* portFindings(config);
  yield* databaseFindings(config);
  yield* outsideFindings(config);
  yield* serverFindings(options, env, own);
}

/** The server that is named, or the one that was found on this machine: `own` is its address. */
async function* serverFindings(
  options: RemoteOptions,
  env: NodeJS.ProcessEnv,
  own: string | undefined,
): AsyncGenerator<Finding> {
  try {
    if (urlGiven(options, env) !== undefined) yield* runningFindings(serverOf(options, env));
    else if (own !== undefined) yield* runningFindings(serverOf({ ...options, url: own }, env));
  } catch (error) {
    yield wrong('server', messageOf(error), 'Check --url, --key-file, CONTINUO_URL and CONTINUO_API_KEY.');
  }
}

function tell({ about, health, found, remedy }: Finding, { colours }: Terminal): string {
  const { green, yellow, red, bold, dim } = colours;
  const paint = { ok: green, note: yellow, wrong: red }[health];
  const indent = ' '.repeat(WIDTH + 4);
  const lines = printable(found).replaceAll('\n', `\n${indent}`);
  const rest = remedy === undefined ? '' : `\n${indent}${dim(`→ ${remedy}`)}`;
  return `${paint(marks[health])} ${bold(about.padEnd(WIDTH))}  ${lines}${rest}`;
}
