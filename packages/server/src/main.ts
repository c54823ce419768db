/** `npm start`: the stand-alone server with the built-in agents, in one process or in several that are supervised. */
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { findConsole } from './api/console-files.js';
import { loadConfig } from './platform/config.js';
import { isSupervisor } from './processes/process-count.js';
import { supervise } from './processes/supervise.js';
import { supervisorLink } from './processes/supervisor-link.js';
import { WorkerFailedError } from './processes/supervisor.js';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Whoever supervises loads no agents: what they do at that moment can't harm it. */
async function serve(config: ReturnType<typeof loadConfig>): Promise<void> {
  const worker = supervisorLink(config);
  const serving = import('./serve.js').then((program) => program.serve(config));
  if (worker !== undefined) {
    // The supervisor says what there is to say.
    await serving.catch((error: unknown) => worker.failed(error));
    return;
  }
  const { url } = await serving;
  welcome(url);
}

function welcome(url: string): void {
  say(`Continuo is ready at ${url}`);
  if (findConsole() !== undefined) say(`  console   ${url}/`);
  say(`  agents    ${url}/agents`);
  say(`  an agent  ${url}/agents/context/assistant/.well-known/agent-card.json`);
}

try {
  const config = loadConfig();
  if (isSupervisor(config)) {
    const { url } = await supervise(config);
    if (url !== '') welcome(url);
  } else await serve(config);
} catch (error) {
  say(`Continuo did not start. ${messageOf(error)}`);
  process.exit(error instanceof WorkerFailedError ? error.exitCode : 1);
}
