/** Agents that are declared, not written: each Markdown file of a directory becomes a context agent. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Inject, type Provider, type Type } from '@nestjs/common';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { Config } from '../../platform/config.js';
import { modelFromConfig } from '../models/model-from-config.js';
import { readDeclaration, type Declaration } from './declaration.js';

type ModelConfig = Pick<Config, 'model' | 'modelBaseUrl' | 'modelApiKey' | 'mcpServers'>;

export interface DeclaredAgents {
  readonly agents: readonly Type<ContextAgentBaseService>[];
  /** What they inject beyond what every agent does. */
  readonly providers: readonly Provider[];
}

/** Reads the directory; one that is missing declares nothing. Throws AGENT_INVALID, with all that is wrong in all files. */
export function declaredAgents(directory: string | undefined, config: ModelConfig): DeclaredAgents {
  const flaws: string[] = [];
  const agents: Type<ContextAgentBaseService>[] = [];
  const providers: Provider[] = [];
  const places = new Map<string, string>();
  for (const file of directory === undefined ? [] : filesIn(directory)) {
    const report = (line: number, problem: string): number => flaws.push(`${file}:${line}: ${problem}`);
    const declaration = readDeclaration(readFileSync(file, 'utf8'), basename(file, '.md'));
    if (!('context' in declaration)) {
      for (const { line, problem } of declaration) report(line, problem);
      continue;
    }
    const place = `${file}:${declaration.lineOf('name')}`;
    const key = `${declaration.options.type}/${declaration.options.name}`;
    const address = `${key} ${declaration.options.version}`;
    const other = places.get(address);
    if (other !== undefined) {
      report(
        declaration.lineOf('name'),
        `"${key}" is declared in ${other} already; expected another type, name or version`,
      );
    }
    places.set(address, place);
    for (const server of declaration.tools) {
      if (server === 'all' || Object.hasOwn(config.mcpServers, server)) continue;
      const known = Object.keys(config.mcpServers).join(', ');
      report(
        declaration.lineOf('tools'),
        `tools: found ${JSON.stringify(server)}, expected a server of CONTINUO_MCP_SERVERS (${known || 'it names none'})`,
      );
    }
    if (declaration.approve !== undefined && declaration.tools.length === 0) {
      report(declaration.lineOf('approve'), 'approve: expected tools beside it, as it is about those');
    }
    const agent = toAgent(declaration, place, Object.keys(config.mcpServers));
    agents.push(agent);
    if (declaration.model === undefined) continue;
    try {
      const model = Symbol(`continuo:model of ${address}`);
      Inject(model)(agent.prototype, 'model');
      providers.push({ provide: model, useValue: modelFromConfig(config, declaration.model) });
    } catch (error) {
      report(declaration.lineOf('model'), messageOf(error));
    }
  }
  if (flaws.length === 0) return { agents, providers };
  throw new ContinuoError('AGENT_INVALID', ['The declared agents are not usable:', ...flaws].join('\n  '));
}

/** Its class is named after its place, as that is what the registry shows of an agent that it refuses. */
function toAgent(
  { context, options, tools, approve }: Declaration,
  place: string,
  servers: readonly string[],
): Type<ContextAgentBaseService> {
  const used = tools.includes('all') ? servers : tools;
  class DeclaredAgent extends ContextAgentBaseService {
    protected override readonly context = context;
    protected override readonly mcp = approve === undefined ? used : used.map((name) => ({ name, approve }));
  }
  A2AAgent(options)(DeclaredAgent);
  Object.defineProperty(DeclaredAgent, 'name', { value: place });
  return DeclaredAgent;
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.md') && !/^(\.|readme\.)/i.test(entry.name))
      .map((entry) => join(directory, entry.name))
      .toSorted();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new ContinuoError('AGENT_INVALID', `The declared agents can't be read: ${messageOf(error)}`);
  }
}
