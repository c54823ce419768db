/** The options of a ContinuoModule, settled: the configuration that they lead to, and all agents. */
import type { Provider, Type } from '@nestjs/common';
import type { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { declaredAgents } from '../agents/declared/declared-agents.js';
import { configuredAgents } from '../agents/external/configured-agents.js';
import { loadConfig, type Config } from '../platform/config.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { requireKnownDependencies } from './known-dependencies.js';
import type { ContinuoAsyncOptions, ContinuoFactoryOptions, ContinuoOptions } from './continuo-options.js';

/** What the rest of the module is made of. */
export interface Settled {
  readonly config: Config;
  /** As `/ai`; empty for the root. */
  readonly path: string;
  readonly guards: 'all' | 'none';
  readonly logger: ContinuoOptions['logger'];
  readonly console: boolean | undefined;
  readonly agents: readonly Type<A2AAgentBaseService>[];
  /** Those of them that Nest didn't know when it made the others. */
  readonly late: readonly Type<A2AAgentBaseService>[];
  /** What agents inject that were declared. */
  readonly providers: readonly Provider[];
}

export const SETTLED = Symbol('continuo:settled');

/** Throws ConfigError, CONFIG_INVALID for a path that is none, and AGENT_INVALID for declared agents that aren't right. */
export function settle(options: ContinuoOptions): Settled {
  const { guards = 'all', logger, console } = options;
  const loaded = loadConfig(options.env, options.config);
  const path = pathOf(options.path);
  const publicUrl = loaded.publicUrl === undefined ? undefined : loaded.publicUrl + path;
  const config: Config = { ...loaded, publicUrl, sessions: options.sessions ?? loaded.sessions };
  const declared = declaredAgents(options.agentsDir, config);
  const agents = [...options.agents, ...declared.agents, ...configuredAgents(config.externalAgents)];
  return { config, path, guards, logger, console, agents, late: [], providers: declared.providers };
}

/** The same of what a factory has answered: only then is it known. `named`: the agents that were named before. */
export function settleLater(answer: ContinuoFactoryOptions, { agents: named = [] }: ContinuoAsyncOptions): Settled {
  for (const early of ['providers', 'imports', 'agentsDir']) {
    if (!(early in answer)) continue;
    const remedy =
      early === 'agentsDir' ? 'use forRoot for declared agents' : `pass ${early} to forRootAsync beside the factory`;
    throw new ContinuoError(
      'CONFIG_INVALID',
      `The options that the factory of ContinuoModule.forRootAsync has made have ${early}, which Nest has to know before it calls the factory: ${remedy}.`,
    );
  }
  const settled = settle({ ...answer, agents: [...named, ...(answer.agents ?? [])] });
  const late = settled.agents.filter((agent) => !named.includes(agent));
  requireKnownDependencies(late);
  return { ...settled, late };
}

function pathOf(given: string | undefined): string {
  const path = (given ?? '').replace(/^\/+|\/+$/g, '');
  if (path === '') return '';
  if (/^[\w.~-]+(\/[\w.~-]+)*$/.test(path)) return `/${path}`;
  throw new ContinuoError(
    'CONFIG_INVALID',
    `path: found ${JSON.stringify(given)}, expected segments of letters, digits, ".", "_", "~" and "-", as ai or internal/ai`,
    { field: 'path' },
  );
}
