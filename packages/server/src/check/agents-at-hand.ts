/** Which agents the command checks with: those that `npm start` would serve, or those of a module or a directory. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { agentsOfPackages } from '../agents/agent-packages.js';
import { builtinAgents } from '../agents/builtin/builtin-agents.js';
import type { ContinuoOptions } from '../nest/continuo-options.js';
import type { Config } from '../platform/config.js';
import { CheckFailedError } from './check-failed.js';

type Configured = Pick<Config, 'agentPackages' | 'agentsDir'>;

/**
 * `given`: a directory of declared agents in place of CONTINUO_AGENTS_DIR, or a module that exports `agents`, and with them
 * what else `startServer` is given (`providers`, `agentsDir`, `sessions`); a module's are the only agents. Throws
 * CheckFailedError when it is neither.
 */
export async function agentsAtHand(given: string | undefined, configured: Configured): Promise<ContinuoOptions> {
  const exported = given === undefined ? undefined : await moduleAtHand(given);
  if (given !== undefined && exported !== undefined) return optionsIn(given, exported);
  const path = given === undefined ? undefined : resolve(given);
  const agents = [...builtinAgents, ...(await agentsOfPackages(configured.agentPackages))];
  const agentsDir = path ?? configured.agentsDir;
  return { agents, ...(agentsDir === undefined ? {} : { agentsDir }) };
}

/** What the module exports; undefined for a directory. Throws CheckFailedError for what is neither. */
export async function moduleAtHand(given: string): Promise<object | undefined> {
  const found = statSync(resolve(given), { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return undefined;
  return load(given, found === undefined ? given : pathToFileURL(resolve(given)).href);
}

function optionsIn(given: string, exported: object): ContinuoOptions {
  const { agents, providers, agentsDir, sessions } = exported as Partial<ContinuoOptions>;
  if (!Array.isArray(agents)) {
    throw new CheckFailedError(
      `--agents ${given}: expected a module that exports \`agents\`, a list of agent classes, or a directory of declared agents.`,
    );
  }
  return {
    agents,
    ...(providers === undefined ? {} : { providers }),
    ...(agentsDir === undefined ? {} : { agentsDir }),
    ...(sessions === undefined ? {} : { sessions }),
  };
}

/** `specifier`: the URL of a file, or the name of a package. */
async function load(given: string, specifier: string): Promise<object> {
  try {
    return (await import(specifier)) as object;
  } catch (error) {
    throw new CheckFailedError(
      `--agents ${given}: neither a directory nor a module that can be loaded: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
