/** An agent that hands a message to the agent that suits it best, in the same session, and passes on its answer. */
import { Inject } from '@nestjs/common';
import { TerminalError } from '../platform/errors.js';
import { A2AAgentBaseService, type AgentAnswer } from './a2a-agent-base.service.js';
import { AgentRegistry } from './agent-registry.js';
import { chooseAgent, type Candidate, type Choice } from './choose-agent.js';
import type { CallResult, TaskContext } from './task-context.js';

export abstract class OrchestratorAgentBaseService extends A2AAgentBaseService {
  @Inject(AgentRegistry)
  protected readonly registry: Pick<AgentRegistry, 'list'> = new AgentRegistry();

  /** Who answers when no card matches: `type/name`. */
  protected readonly fallback: string = 'context/assistant';

  /** Whom to choose from: all agents of this server but orchestrators, which could send a message round in circles. */
  protected candidates(task: TaskContext): readonly Candidate[] {
    return this.registry
      .list()
      .filter(({ key, description }) => key !== task.agent && description.type !== 'orchestrator');
  }

  /** Who is to answer, and why. Runs in a step: a task stays with its agent when the server is restarted. */
  protected choose(task: TaskContext): Choice | Promise<Choice> {
    const candidates = this.candidates(task);
    const choice = chooseAgent(`${task.text} ${fieldsOf(task.data).join(' ')}`, candidates);
    if (choice !== undefined) return choice;
    if (candidates.some(({ key }) => key === this.fallback))
      return { key: this.fallback, reason: 'no card matches better' };
    throw new TerminalError(
      `No agent of this server matches the message, and there is no ${this.fallback} to ask instead.`,
    );
  }

  /** Each artifact has `{ agent, reason }` in its metadata. */
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const { key: agent, reason } = await task.step('choose an agent', () => this.choose(task));
    await task.progress(0, `Asking ${agent}: ${reason}`);
    const result = await task.call(agent, task.parts);
    for (const artifact of artifactsOf(result)) {
      const { name, description, parts } = artifact;
      const metadata = { ...artifact.metadata, agent, reason };
      await task.artifact({ ...named({ name, description }), metadata, parts });
    }
    return result.parts;
  }
}

function artifactsOf(result: CallResult): CallResult['artifacts'] {
  return result.artifacts.length > 0
    ? result.artifacts
    : [{ artifactId: 'answer', name: 'answer', parts: result.parts }];
}

function named({
  name,
  description,
}: {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}) {
  return { ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) };
}

/** What a data part is about, as far as the names of its fields say it. */
function fieldsOf(data: unknown): readonly string[] {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? Object.keys(data) : [];
}
