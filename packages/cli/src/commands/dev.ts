/** `continuo dev`: runs the program as it is being written. */
import cluster from 'node:cluster';
import { join, resolve as absolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createLog,
  ensureFree,
  loadConfig,
  secretsOf,
  startEmbeddedPostgres,
  urlOfListener,
  type Config,
} from '@continuo/server/commands';
import { DevServer, type DevTelling } from '../dev/dev-server.js';
import { openBrowser } from '../dev/open-browser.js';
import { tellTasks } from '../dev/task-lines.js';
import { typeChecker } from '../dev/type-check.js';
import { dotEnv, shortPath, sourceEntry } from '../project/project.js';
import { serverOf } from '../remote/server.js';
import { counted } from '../terminal/counted.js';
import { messageOf } from '../terminal/message-of.js';
import { printableJson } from '../terminal/printable.js';
import { write, type Terminal } from '../terminal/terminal.js';

export interface DevOptions {
  readonly open: boolean;
  readonly types: boolean;
  readonly json?: boolean;
}

/** What a running program is given to come to an end before its tasks are handed over to the new code. */
const DRAIN_MS = '1000';

/** Runs until it is told to stop; resolves with what was left running handed over. */
export async function dev(given: string | undefined, options: DevOptions, terminal: Terminal): Promise<void> {
  const directory = process.cwd();
  const entry = sourceEntry(given, directory);
  const { env } = terminal;
  const config = loadConfig(env);
  const port = await ensureFree(config.port, config.host);
  const say = sayer(terminal, options.json === true);
  const ending = endOnSignal();
  const postgres = await openPostgres(config, (text) => say({ event: 'preparing' }, text));
  const url = urlOfListener(config.host, port);
  const server = new DevServer({
    base: { port, grpcPort: config.grpc?.port, databaseUrl: postgres.url },
    env: () => childEnv(env, directory, { port, databaseUrl: postgres.url }),
    urlOf: () => url,
    checkTypes: options.types ? typeChecker(directory, absolute(config.dataDir)) : undefined,
    files: [entry, join(directory, 'tsconfig.json'), join(directory, '.env')],
    directories: config.agentsDir === undefined ? [] : [[config.agentsDir, (name: string) => name.endsWith('.md')]],
    told: teller({ terminal, directory, entry, url, options, say, signal: ending }),
  });
  cluster.setupPrimary({
    exec: fileURLToPath(new URL('../dev/child.js', import.meta.url)),
    args: [entry],
    execArgv: ['--enable-source-maps'],
  });
  cluster.schedulingPolicy = cluster.SCHED_RR;
  try {
    // What can't be told yet whether it serves must not keep Ctrl-C waiting.
    if (!ending.aborted) server.start();
    await new Promise<void>((resolve) => {
      if (ending.aborted) resolve();
      else ending.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    say({ event: 'stopping' }, terminal.errorColours.dim('Stopping …'));
    await server.stop();
    await postgres.stop();
  }
}

type Say = (event: Readonly<Record<string, unknown>>, text: string) => void;

/** For people on stderr, as the program's own output is on stdout; with `--json` an object a line on stdout. */
function sayer({ stdout, stderr }: Terminal, json: boolean): Say {
  return (event, text) => {
    void (json ? write(stdout, `${printableJson(event)}\n`) : write(stderr, `${text}\n`));
  };
}

interface TellerParts {
  readonly terminal: Terminal;
  readonly directory: string;
  readonly entry: string;
  readonly url: string;
  readonly options: DevOptions;
  readonly say: Say;
  readonly signal: AbortSignal;
}

function teller({ terminal, directory, entry, url, options, say, signal }: TellerParts): DevTelling {
  const { green, red, yellow, dim, bold, cyan } = terminal.errorColours;
  let isFirst = true;
  const goesOn = (isServing: boolean): string =>
    dim(isServing ? 'The code from before goes on; save a file to try again.' : 'Save a file to try again.');
  const server = serverOf({ url }, terminal.env);
  return {
    begins: (paths) => {
      const names = paths.map((path) => shortPath(path, directory));
      const what = isFirst ? `starting ${shortPath(entry, directory)}` : `${names.join(', ') || 'the program'} …`;
      say({ event: 'loading', paths: names }, dim(`${isFirst ? '' : '↻ '}${what}`));
    },
    serves: (at, after) => {
      if (!isFirst) {
        say(
          { event: 'live', url: at, afterMs: Math.round(after) },
          `${green('✓')} live after ${(after / 1_000).toFixed(1)} s`,
        );
        return;
      }
      isFirst = false;
      void welcome(at);
      tellTasks(server, {
        signal,
        say: (line) => say({ event: 'task', line }, line),
        colours: terminal.errorColours,
      }).catch((error: unknown) => say({ event: 'no-tasks' }, dim(`Tasks are not shown here: ${messageOf(error)}`)));
    },
    typeErrors: ({ lines, count }, isServing) =>
      say(
        { event: 'failed', reason: lines.join('\n') },
        `${red(`✗ ${counted(count, 'type error', 'type errors')}`)}\n${lines.join('\n')}\n${goesOn(isServing)}`,
      ),
    failed: (reason, isServing) => say({ event: 'failed', reason }, `${red('✗')} ${reason}\n${goesOn(isServing)}`),
    died: (how, again) =>
      say(
        { event: 'died', how },
        yellow(
          `The program has ended with ${how}${again ? '; it is started again' : '. Save a file to start it again'}.`,
        ),
      ),
  };

  async function welcome(at: string): Promise<void> {
    const hasConsole = await fetch(`${at}/console/`).then(
      (response) => response.ok,
      () => false,
    );
    const lines = [
      `${green('●')} ${bold('Continuo is ready')} ${dim('at')} ${cyan(at)}`,
      ...(hasConsole ? [`  ${dim('console')}  ${cyan(`${at}/console/`)}`] : []),
      `  ${dim('agents')}   ${cyan(`${at}/agents`)}`,
      `  ${dim('try')}      continuo call <agent> "Hello"`,
      '',
    ];
    say({ event: 'ready', url: at, ...(hasConsole ? { console: `${at}/console/` } : {}) }, lines.join('\n'));
    if (hasConsole && options.open && terminal.isInteractive) openBrowser(`${at}/console/`, terminal.env);
  }
}

/** The environment of the program: `.env` as it is now, and what stays the same over all of its processes. */
function childEnv(
  env: NodeJS.ProcessEnv,
  directory: string,
  { port, databaseUrl }: { readonly port: number; readonly databaseUrl: string },
): NodeJS.ProcessEnv {
  return {
    CONTINUO_DRAIN_MS: DRAIN_MS,
    CONTINUO_LOG_LEVEL: 'warn',
    ...dotEnv(directory),
    ...env,
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    // Supervised, whatever their number: this process says where they serve and when they go.
    CONTINUO_PROCESSES: 'auto',
  };
}

/** One cluster for as long as this command runs, whatever becomes of the program. */
async function openPostgres(config: Config, say: (text: string) => void) {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, stop: () => Promise.resolve() };
  const log = createLog('warn', { secrets: secretsOf(config), format: 'pretty' });
  say('starting PostgreSQL …');
  return startEmbeddedPostgres({ dataDir: config.dataDir, log });
}

/** npm may pass Ctrl-C on a second time, which changes nothing. */
function endOnSignal(): AbortSignal {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
  return ending.signal;
}
