/** What a configuration names beyond PostgreSQL, asked whether it is there: language models and MCP servers. */
import { modelFromConfig } from '../agents/models/model-from-config.js';
import { McpTools } from '../agents/tools/mcp-tools.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import type { Config } from '../platform/config.js';
import { Egress } from '../platform/egress/egress.js';
import { egressPolicy } from '../platform/egress/policy.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { secretsOf } from '../platform/log.js';
import { hiding } from '../platform/secrets.js';
import { entriesOf } from '../platform/variable-kinds.js';

const MODEL_MS = 30_000;
const MOST_TOKENS = 64;

export interface Probe {
  /** What was asked. */
  readonly name: string;
  /** What it said, or how many tools it has. */
  readonly found?: string;
  /** Why it is of no use. */
  readonly problem?: string;
  /** What to do then, where it isn't the usual. */
  readonly remedy?: string;
}

/** Asks each model of CONTINUO_MODEL for one word, which costs some tokens. Empty without one. */
export function probeModels(config: Config): Promise<readonly Probe[]> {
  const hide = hiding(secretsOf(config));
  const probe = async (name: string): Promise<Probe> => {
    try {
      const began = systemClock.now().getTime();
      await modelFromConfig(config, name).doGenerate({
        prompt: [{ role: 'user', content: [{ type: 'text', text: 'Answer with one word: ready' }] }],
        maxOutputTokens: MOST_TOKENS,
        abortSignal: AbortSignal.timeout(MODEL_MS),
      });
      return { name, found: `answers after ${systemClock.now().getTime() - began} ms` };
    } catch (error) {
      return { name, problem: hide(messageOf(error)) };
    }
  };
  return Promise.all(entriesOf(config.model ?? '').map(probe));
}

/** No token is renewed by whoever only looks: it would be another one than the servers of the fleet keep. */
const noTokens = { lease: () => Promise.resolve(undefined), giveBack: () => Promise.resolve() };

/** Opens a session with each server of CONTINUO_MCP_SERVERS, and closes it. Those with a refresh token are not asked. */
export function probeMcpServers(config: Config): Promise<readonly Probe[]> {
  const egress = new Egress({ ...egressPolicy(config), plainToListed: true });
  const probe = async (name: string): Promise<Probe> => {
    const server = config.mcpServers[name];
    if (server !== undefined && 'oauth' in server && server.oauth?.refreshToken !== undefined) {
      return { name, found: 'not asked: its refresh token is for the servers alone' };
    }
    const problems: string[] = [];
    const warn = (facts: object, message?: string): void => {
      const said = 'err' in facts && typeof facts.err === 'string' ? facts.err : (message ?? '');
      problems.push(said);
    };
    const tools = new McpTools(config.mcpServers, { log: { warn }, egress, clock: systemClock, tokens: noTokens });
    try {
      const count = Object.keys(await tools.of([name])).length;
      const [problem] = problems;
      return count === 0 && problem !== undefined ? { name, problem } : { name, found: `${count} tools` };
    } catch (error) {
      return { name, problem: messageOf(error) };
    } finally {
      await tools.onApplicationShutdown();
    }
  };
  return Promise.all(Object.keys(config.mcpServers).map(probe));
}
