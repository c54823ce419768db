/** `continuo check`: replays open tasks against the agents that the program would serve. */
import { pathToFileURL } from 'node:url';
import type { CheckOptions } from '@continuo/server';
import type { ServerOptions } from '@continuo/server/commands';
import { registerHooks } from '../dev/register-hooks.js';
import { ownServer } from '../project/own-server.js';
import { builtEntry, isTypeScript, sourceEntry } from '../project/project.js';
import { CommandFailedError } from '../terminal/failure.js';
import { output } from '../terminal/output.js';
import type { Terminal } from '../terminal/terminal.js';

export interface CheckCommandOptions {
  readonly agents?: string;
  readonly agent?: readonly string[];
  readonly limit?: number;
  readonly json?: boolean;
}

/** Throws CommandFailedError with code 1 when a task would not simply go on. */
export async function check(
  entry: string | undefined,
  options: CheckCommandOptions,
  terminal: Terminal,
): Promise<void> {
  for (const key of options.agent ?? []) {
    if (!/^[^/\s]+\/[^/\s]+$/.test(key)) {
      throw new CommandFailedError(`--agent takes type/name, got ${JSON.stringify(key)}.`);
    }
  }
  registerHooks();
  const { agentsAtHand, checkTasks, endOnSignals, insteadOfStarting, loadConfig, tellCheck } = await ownServer(
    process.cwd(),
  );
  const given =
    options.agents === undefined
      ? await agentsOfProgram(entry, insteadOfStarting)
      : await agentsAtHand(options.agents, loadConfig(terminal.env));
  const selection: Pick<CheckOptions, 'only' | 'limit'> = {
    ...(options.agent === undefined ? {} : { only: options.agent }),
    ...(options.limit === undefined ? {} : { limit: options.limit }),
  };
  const calledOff = endOnSignals();
  const found = await checkTasks({ ...given, ...selection }).finally(calledOff);
  await output(terminal, options, found, tellCheck);
  process.exitCode = found.ok ? 0 : 1;
}

type InsteadOfStarting = (take: (options: ServerOptions) => Promise<never>) => void;

/** What the program hands to `startServer`. Throws CommandFailedError when it does not get there. */
async function agentsOfProgram(given: string | undefined, instead: InsteadOfStarting): Promise<ServerOptions> {
  const entry = entryToCheck(given);
  const options = new Promise<ServerOptions>((resolve) => {
    instead((taken) => {
      resolve(taken);
      // The program waits for a server that never comes.
      return new Promise<never>(() => undefined);
    });
  });
  const loading = import(pathToFileURL(entry).href).then(() => {
    throw new CommandFailedError(
      `${entry} does not call \`startServer\`. Name the agents: \`continuo check --agents <module that exports agents>\`.`,
    );
  });
  return Promise.race([options, loading]);
}

/** What is being written counts for more than what was built of it. */
function entryToCheck(given: string | undefined): string {
  if (given !== undefined && !isTypeScript(given)) return builtEntry(given, process.cwd(), 'check');
  try {
    return sourceEntry(given, process.cwd());
  } catch (error) {
    if (given !== undefined) throw error;
    return builtEntry(undefined, process.cwd(), 'check');
  }
}
