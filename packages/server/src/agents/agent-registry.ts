/** The agents of this server, by `type/name`; a class that can't be one is refused at boot. */
import { ContinuoError } from '../platform/errors.js';
import { z } from 'zod';
import { agentOptionsOf, agentOptionsSchema, type AgentDescription } from './a2a-agent.js';
import { A2AAgentBaseService } from './a2a-agent-base.service.js';

export interface RegisteredAgent {
  /** `type/name`. */
  readonly key: string;
  readonly description: AgentDescription;
  readonly agent: A2AAgentBaseService;
}

export class AgentRegistry {
  readonly #agents = new Map<string, RegisteredAgent>();

  /** Throws AGENT_INVALID, saying how to mend it. */
  add(agent: unknown): void {
    const name = nameOf(agent);
    if (!(agent instanceof A2AAgentBaseService)) {
      throw invalid(name, 'it extends no agent base class', `class ${name} extends A2AAgentBaseService`);
    }
    const options = agentOptionsOf(agent.constructor);
    if (options === undefined) {
      throw invalid(
        name,
        'it is not decorated',
        `@A2AAgent({ type: '…', name: '…', description: '…' }) above the class`,
      );
    }
    if (typeof agent.execute !== 'function')
      throw invalid(name, 'it has no execute method', 'async execute(task) { … }');
    const parsed = agentOptionsSchema.safeParse(options);
    if (!parsed.success) throw invalid(name, 'its @A2AAgent options are wrong', z.prettifyError(parsed.error));
    const key = `${parsed.data.type}/${parsed.data.name}`;
    const other = this.#agents.get(key);
    if (other !== undefined) {
      throw invalid(
        name,
        `"${key}" is already the address of ${nameOf(other.agent)}`,
        'another type or name for one of them',
      );
    }
    this.#agents.set(key, { key, description: parsed.data, agent });
  }

  /** Changes what an agent says of itself; what can't be said is left as it was. */
  describe(key: string, changes: Partial<AgentDescription>): void {
    const agent = this.get(key);
    const { data } = agentOptionsSchema.safeParse({ ...agent.description, ...changes });
    if (data !== undefined) this.#agents.set(key, { ...agent, description: data });
  }

  list(): readonly RegisteredAgent[] {
    return [...this.#agents.values()];
  }

  /** Throws AGENT_NOT_FOUND. */
  get(key: string): RegisteredAgent {
    const agent = this.#agents.get(key);
    if (agent === undefined) throw new ContinuoError('AGENT_NOT_FOUND', `There is no agent "${key}".`);
    return agent;
  }

  has(key: string): boolean {
    return this.#agents.has(key);
  }
}

function nameOf(agent: unknown): string {
  return typeof agent === 'object' && agent !== null ? agent.constructor.name : String(agent);
}

function invalid(name: string, problem: string, remedy: string): ContinuoError {
  return new ContinuoError('AGENT_INVALID', `Agent ${name} can't be registered: ${problem}. Expected: ${remedy}.`);
}
