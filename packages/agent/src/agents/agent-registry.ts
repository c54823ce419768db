/** The agents of this server, by `type/name` and version; a class that can't be one is refused at boot. */
import { requireOneCopy } from '../platform/copies.js';
import { ContinuoError } from '../platform/errors.js';
import { versionOrder } from '../platform/version-order.js';
import { z } from 'zod';
import { agentOptionsOf, agentOptionsSchema, writtenOptionsSchema, type AgentDescription } from './a2a-agent.js';
import { A2AAgentBaseService } from './a2a-agent-base.service.js';
import { ContextAgentBaseService } from './context-agent-base.service.js';

export interface RegisteredAgent {
  /** `type/name`. */
  readonly key: string;
  /** Of the code: what it says of itself may be another one, where that is a remote agent's. */
  readonly version: string;
  readonly description: AgentDescription;
  readonly agent: A2AAgentBaseService;
}

export class AgentRegistry {
  /** The versions of each agent, newest first. */
  readonly #agents = new Map<string, readonly RegisteredAgent[]>();

  /** Throws AGENT_INVALID, saying how to mend it, and PACKAGE_MISSING for an agent of another copy of this package. */
  add(agent: unknown): void {
    const name = nameOf(agent);
    if (!(agent instanceof A2AAgentBaseService)) {
      requireOneCopy();
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
    const parsed = writtenOptionsSchema.safeParse(options);
    if (!parsed.success) throw invalid(name, 'its @A2AAgent options are wrong', z.prettifyError(parsed.error));
    const flaw = agent instanceof ContextAgentBaseService ? agent.toolFlaw() : undefined;
    if (flaw !== undefined) {
      throw invalid(
        name,
        flaw,
        'tool({ input: z.object({ … }), … }) under a name of letters, digits, _ and -, at most 64',
      );
    }
    const key = `${parsed.data.type}/${parsed.data.name}`;
    const { version } = parsed.data;
    const others = this.#agents.get(key) ?? [];
    // `1.0` and `v1.0.0` are `1.0.0`: which of them is the newest nobody could say.
    const same = others.find((other) => versionOrder(other.version) === versionOrder(version));
    if (same !== undefined) {
      throw invalid(
        name,
        `"${key}" is already the address of ${nameOf(same.agent)}`,
        `another type or name for one of them, or another version, as ${same.version === version ? `both are ${version}` : `${same.version} and ${version} are the same`}`,
      );
    }
    const memory = parsed.data.memory || ('memory' in agent && agent.memory === true);
    const versions = [...others, { key, version, description: { ...parsed.data, memory }, agent }].toSorted(
      newestFirst,
    );
    refuseIdle(name, versions);
    this.#agents.set(key, versions);
  }

  /** All versions of it; nothing happens when it is not there. */
  remove(key: string): void {
    this.#agents.delete(key);
  }

  /** Changes what an agent says of itself; what can't be said is left as it was. */
  describe(key: string, changes: Partial<AgentDescription>): void {
    const agent = this.get(key);
    const { data } = agentOptionsSchema.safeParse({ ...agent.description, ...changes });
    if (data !== undefined) this.#agents.set(key, [{ ...agent, description: data }, ...this.versions(key).slice(1)]);
  }

  /** Every agent, in its newest version. */
  list(): readonly RegisteredAgent[] {
    return [...this.#agents.values()].flatMap(([newest]) => newest ?? []);
  }

  /** Newest first; none of an agent that is not there. */
  versions(key: string): readonly RegisteredAgent[] {
    return this.#agents.get(key) ?? [];
  }

  /** In `version`, or the newest without one, or where that is not there. Throws AGENT_NOT_FOUND. */
  get(key: string, version?: string | null): RegisteredAgent {
    const versions = this.versions(key);
    const agent = versions.find((other) => other.version === version) ?? versions[0];
    if (agent === undefined) throw new ContinuoError('AGENT_NOT_FOUND', `There is no agent "${key}".`);
    return agent;
  }

  /**
   * What goes on with a task that ran with `version` (null: it has not run) where no other server has the agent: that
   * version, if it is pinned, or else the newest.
   */
  successor(key: string, version: string | null): RegisteredAgent | undefined {
    const versions = this.versions(key);
    const own = versions.find((other) => other.version === version);
    return own?.description.deploys === 'pinned' ? own : versions[0];
  }

  has(key: string): boolean {
    return this.#agents.has(key);
  }
}

function newestFirst(a: RegisteredAgent, b: RegisteredAgent): number {
  return versionOrder(a.version) < versionOrder(b.version) ? 1 : -1;
}

/** An older version that isn't pinned would never run: new tasks go to the newest, and so do its own. */
function refuseIdle(name: string, [newest, ...older]: readonly RegisteredAgent[]): void {
  const idle = older.find(({ description }) => description.deploys !== 'pinned');
  if (newest === undefined || idle === undefined) return;
  throw invalid(
    name,
    `"${idle.key}" would have ${nameOf(idle.agent)} (${idle.version}) beside ${nameOf(newest.agent)} (${newest.version}), which takes all its tasks`,
    `deploys: 'pinned' for ${nameOf(idle.agent)}, whose tasks then stay with it, or another type or name`,
  );
}

function nameOf(agent: unknown): string {
  return typeof agent === 'object' && agent !== null ? agent.constructor.name : String(agent);
}

function invalid(name: string, problem: string, remedy: string): ContinuoError {
  return new ContinuoError('AGENT_INVALID', `Agent ${name} can't be registered: ${problem}. Expected: ${remedy}.`);
}
