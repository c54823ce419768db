/** `npm start`: the stand-alone server with the built-in agents. */
import { AssistantAgent } from './agents/builtin/assistant-agent.js';
import { CountdownAgent } from './agents/builtin/countdown-agent.js';
import { DefaultOrchestrator } from './agents/builtin/default-orchestrator.js';
import { EchoAgent } from './agents/builtin/echo-agent.js';
import { messageOf } from './platform/errors.js';
import { startServer, type RunningServer } from './server.js';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The first signal stops in order, a second one at once. */
function stopOnSignals(server: RunningServer): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      say('Stopping…');
      server.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          say(messageOf(error));
          process.exit(1);
        },
      );
    });
  }
}

try {
  const server = await startServer({ agents: [EchoAgent, CountdownAgent, AssistantAgent, DefaultOrchestrator] });
  stopOnSignals(server);
  say(`Continuo is ready at ${server.url}`);
  say(`  agents    ${server.url}/agents`);
  say(`  an agent  ${server.url}/agents/context/assistant/.well-known/agent-card.json`);
} catch (error) {
  say(`Continuo did not start. ${messageOf(error)}`);
  process.exit(1);
}
