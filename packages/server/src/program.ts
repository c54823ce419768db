/** The stand-alone server with the built-in agents as a program, in one process or in several that are supervised. */
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { PackagesAtHand } from './agents/agent-packages.js';
import { findConsole } from './api/console-files.js';
import { loadConfig } from './platform/config.js';
import { logOf } from './platform/log.js';
import { isSupervised, isSupervisor } from './processes/process-count.js';
import { supervise } from './processes/supervise.js';
import { WorkerFailedError } from './processes/supervisor.js';
import { startProgram, type Make } from './standalone.js';

/** Starts the server; when it can't, says why on stderr and ends the process. `packages`: see `agentsOfPackages`. */
export async function runProgram(packages: PackagesAtHand = {}): Promise<void> {
  try {
    const config = loadConfig();
    if (isSupervisor(config)) {
      const { url } = await supervise(config);
      if (url !== '') welcome(url);
    } else {
      // Whoever supervises loads no agents: what they do at that moment can't harm it.
      const load = async (): Promise<Make> => (await import('./serve.js')).load(config, packages);
      const { url } = await startProgram(config, logOf(config), load);
      // Of a worker the supervisor says what there is to say.
      if (!isSupervised(config)) welcome(url);
    }
  } catch (error) {
    say(`Continuo did not start. ${messageOf(error)}`);
    process.exit(error instanceof WorkerFailedError ? error.exitCode : 1);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function welcome(url: string): void {
  say(`Continuo is ready at ${url}`);
  if (findConsole() !== undefined) say(`  console   ${url}/`);
  say(`  agents    ${url}/agents`);
  say(`  an agent  ${url}/agents/context/assistant/.well-known/agent-card.json`);
}
