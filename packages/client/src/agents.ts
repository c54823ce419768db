/** `client.agents`: calls of agents. */
import { agentPath } from './agent-key.js';
import type { StreamOptions } from './event-stream.js';
import { hasEnded, isWaiting } from './fold.js';
import { toMessage, type Said } from './said.js';
import type { AgentList, Task } from './schema.generated.js';
import { followTask, type TaskEvent } from './task-events.js';
import type { TasksClient } from './tasks.js';
import type { CallOptions, Transport } from './transport.js';

/** How an agent is called: in which session, when, and within which limits. */
export interface AgentCallOptions extends CallOptions {
  /** The session that the call is in; it must be there. Default: a new one. */
  readonly sessionId?: string | undefined;
  /** Whose session it is, where somebody else shares it. */
  readonly owner?: string | undefined;
  /** Goes into the task's metadata. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** The task doesn't begin before. */
  readonly startAt?: Date | undefined;
  /** 1 (first) to 1,000 (last). Default: 100. */
  readonly priority?: number | undefined;
  /** Tokens that the task may take, with all that it calls. */
  readonly maxTokens?: number | undefined;
  /** US dollars that it may cost. */
  readonly maxCost?: number | undefined;
}

/** Agents are named by type and name: `context/assistant`. */
export class AgentsClient {
  /** @internal */
  constructor(
    private readonly transport: Transport,
    private readonly tasks: TasksClient,
  ) {}

  /** The agents of the server, with their cards. */
  async list(options?: CallOptions): Promise<AgentList['agents']> {
    return (await this.transport.call('listAgents', {}, options)).agents;
  }

  /**
   * Begins a task, and gives it as it is then. The call is made once, whatever fails on the way: it is sent again under the
   * same idempotency key. Throws ContinuoApiError: `AGENT_NOT_FOUND`, `SESSION_NOT_FOUND`, `QUOTA_EXCEEDED` …;
   * TypeError for an `agent` that is not `type/name`.
   */
  async send(agent: string, said: Said, options: AgentCallOptions = {}): Promise<Task> {
    const { sessionId, owner, metadata, startAt, priority, maxTokens, maxCost, ...how } = options;
    const body = {
      message: toMessage(said),
      sessionId,
      metadata,
      startAt: startAt?.toISOString(),
      priority,
      maxTokens,
      maxCost,
    };
    return this.transport.call('createTask', { path: agentPath(agent), query: { owner }, body }, how);
  }

  /**
   * Begins a task, and gives it when it has ended or asks something, be it weeks later: the server may restart meanwhile. A
   * task that failed is given as well; look at `status.state`.
   *
   * @example
   * const task = await client.agents.call('context/assistant', 'Good morning');
   * console.log(answerOf(task));
   */
  async call(agent: string, said: Said, options: AgentCallOptions = {}): Promise<Task> {
    const task = await this.send(agent, said, options);
    const { state } = task.status;
    if (hasEnded(state) || isWaiting(state)) return task;
    return this.tasks.settled(task.id, { signal: options.signal, owner: options.owner });
  }

  /**
   * Begins a task and gives its events, from the first to the last: each once and in order, however often the connection
   * breaks. Stopping to read, or `signal`, doesn't cancel the task.
   *
   * @example
   * for await (const { event } of client.agents.stream('function/countdown', { data: { steps: 3 } })) {
   *   console.log(event.artifactUpdate?.artifact.parts ?? event.statusUpdate?.status.state);
   * }
   */
  async *stream(
    agent: string,
    said: Said,
    options: AgentCallOptions & Omit<StreamOptions, 'after' | 'onReset'> = {},
  ): AsyncGenerator<TaskEvent, void> {
    const { owner } = options;
    const { id } = await this.send(agent, said, options);
    const url = this.transport.urlOf('followTask', { id }, { owner });
    yield* followTask(this.transport, { ...options, taskId: id, url });
  }
}
