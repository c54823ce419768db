/** `continuo agents`: lists agents, and shows their cards. */
import { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { addList, serverCommand } from './server-command.js';

export function agentCommands(terminal: Terminal): Command {
  const agents = new Command('agents').description('List agents, show their cards');
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
  return agents;
}
