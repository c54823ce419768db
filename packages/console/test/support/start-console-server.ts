/** Starts the servers of these tests: the one of the console, quick to notice that another one has died, the one of traces, and the one of an agent with typed input. */
import { fileURLToPath } from 'node:url';
import { startServer, type ServerProcess } from '../../../server/test/support/server-process.js';
import { soon } from '../../../server/test/support/soon.js';

const usual = {
  ...soon,
  CONTINUO_SEALING_KEY: 'a sealing key of these tests that nobody guesses',
};

/** With `env` of one that was killed: the same server again. */
export function startConsoleServer(env: Readonly<Record<string, string>> = usual): Promise<ServerProcess> {
  return startServer({ entry: pathOf('console-server.mjs'), env });
}

export function startTracedServer(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  return startServer({ entry: pathOf('traced-console-server.mjs'), env });
}

export function startTypedAgentServer(): Promise<ServerProcess> {
  return startServer({ entry: pathOf('typed-agent-server.mjs') });
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
