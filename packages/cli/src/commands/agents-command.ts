/** `continuo agents`: lists agents, shows their cards, connects and disconnects those of other servers. */
import { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { addList, serverCommand } from './server-command.js';

export function agentCommands(terminal: Terminal): Command {
  const agents = new Command('agents').description('List agents, show their cards, connect agents of other servers');
  const load = () => import('./agents.js');
  addList(
    agents,
    serverCommand('list', 'List the agents')
      .option('--all', 'also those that are there for other agents')
      .action(async (options) => (await load()).listAgents(options, terminal)),
  );
  agents.addCommand(
    serverCommand('card', "Show an agent's card: skills, modes, interfaces")
      .argument('<agent>', 'type/name, or the name where there is one of that name')
      .action(async (agent: string, options) => (await load()).showCard(agent, options, terminal)),
  );
  const loadExternal = () => import('./external-agents.js');
  agents.addCommand(
    serverCommand('connect', 'Connect an agent of another server, as external/<name>; for admins')
      .argument('<url>', 'of its card, or of its server')
      .option('--name <name>', 'its name here (else made of the one on its card)')
      .option('--headers-file <file>', 'a file with headers for its requests, one a line: Authorization: Bearer …')
      .action(async (url: string, options) => (await loadExternal()).connectAgent(url, options, terminal)),
  );
  agents.addCommand(
    serverCommand('disconnect', 'Disconnect an agent; its running tasks are held until it is connected again')
      .argument('<name>', 'external/name, or the name')
      .option('--yes', "don't ask")
      .action(async (name: string, options) => (await loadExternal()).disconnectAgent(name, options, terminal)),
  );
  return agents;
}
