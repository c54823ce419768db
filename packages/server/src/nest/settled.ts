/** The options of a ContinuoModule, settled: the configuration that they lead to, and all agents. */
import type { Provider, Type } from '@nestjs/common';
import type { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { declaredAgents } from '../agents/declared/declared-agents.js';
import { configuredAgents } from '../agents/external/configured-agents.js';
import { loadConfig, type Config } from '../platform/config.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { requireOptions } from './checked-options.js';
import type { ContinuoOptions } from './continuo-options.js';

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

const FOR_ROOT = 'ContinuoModule.forRoot';

/** Throws ConfigError, CONFIG_INVALID for options that are wrong, and AGENT_INVALID for declared agents that aren't right. */
export function settle(options: ContinuoOptions, where = FOR_ROOT): Settled {
  requireOptions(options, where);
  const { guards = 'all', logger, console } = options;
  const loaded = loadConfig(options.env, options.config);
  const path = pathOf(options.path);
  const publicUrl = loaded.publicUrl === undefined ? undefined : loaded.publicUrl + path;
  const config: Config = { ...loaded, publicUrl, sessions: options.sessions ?? loaded.sessions };
  const declared = declaredAgents(options.agentsDir, config);
  const agents = [...options.agents, ...declared.agents, ...configuredAgents(config.externalAgents)];
  return { config, path, guards, logger, console, agents, late: [], providers: declared.providers };
}

function pathOf(given: string | undefined): string {
  const path = (given ?? '').replace(/^\/+|\/+$/g, '');
  if (path === '') return '';
  // Clients leave out segments that are one dot, and with two dots the one before.
  const isPath = path.split('/').every((segment) => /^[\w.~-]+$/.test(segment) && !/^\.{1,2}$/.test(segment));
  if (isPath) return `/${path}`;
  throw new ContinuoError(
    'CONFIG_INVALID',
    `path: found ${JSON.stringify(given)}, expected segments of letters, digits, ".", "_", "~" and "-", as ai or internal/ai`,
    { field: 'path' },
  );
}
