/** What `continuo agents` does. */
import type { AgentCard } from '@continuo/client';
import { agentNamed, agentsOf, keyOf } from '../remote/agents.js';
import { serverOf } from '../remote/server.js';
import { output } from '../terminal/output.js';
import { oneLine } from '../terminal/printable.js';
import { facts, table } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import type { RemoteOptions } from './server-command.js';

type Interface = AgentCard['supportedInterfaces'][number];

export async function listAgents(
  options: RemoteOptions & { readonly all?: boolean },
  terminal: Terminal,
): Promise<void> {
  const all = await agentsOf(serverOf(options, terminal.env));
  const agents = all.filter(({ internal }) => options.all === true || !internal);
  await output(terminal, options, { agents }, () => {
    if (agents.length === 0) return 'No agents.';
    return table(
      agents,
      [
        { title: 'Agent', cell: keyOf, paint: terminal.colours.bold },
        { title: 'Version', cell: ({ card }) => card.version, paint: terminal.colours.dim },
        { title: 'What it does', cell: ({ card }) => card.description, cut: true },
      ],
      terminal,
    );
  });
}

export async function showCard(given: string, options: RemoteOptions, terminal: Terminal): Promise<void> {
  const server = serverOf(options, terminal.env);
  const agent = agentNamed(given, await agentsOf(server));
  const { card } = agent;
  await output(terminal, options, card, () => {
    const { bold, dim } = terminal.colours;
    const head = facts(
      [
        ['agent', keyOf(agent), bold],
        ['name', oneLine(card.name)],
        ['version', card.version],
        ['does', oneLine(card.description)],
        ['takes', card.defaultInputModes.join(', ')],
        ['gives', card.defaultOutputModes.join(', ')],
        ['at', card.supportedInterfaces.map(interfaceInWords).join('\n')],
      ],
      terminal,
    );
    const skills = card.skills.map(
      ({ id, name, description, examples = [] }) =>
        `\n${bold(oneLine(name))} ${dim(oneLine(id))}\n${oneLine(description)}${examples.map((example) => `\n  ${dim(`"${oneLine(example)}"`)}`).join('')}`,
    );
    return [head, ...skills].join('\n');
  });
}

function interfaceInWords({ url, protocolBinding, protocolVersion }: Interface): string {
  return `${oneLine(`${protocolBinding} ${protocolVersion}`)}  ${oneLine(url)}`;
}
