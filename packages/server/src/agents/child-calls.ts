/** `task.call`: a child task of another agent, found again instead of started twice, and waited for. */
import type { Clock } from '../platform/clock.js';
import { crashPoint } from '../platform/crash-points.js';
import { ContinuoError } from '../platform/errors.js';
import { derivedId } from '../platform/ids.js';
import { textOf } from '../sessions/message.js';
import type { ClaimedTask } from '../tasks/claim-tasks.js';
import type { TasksService } from '../tasks/tasks-service.js';
import { isTerminal, type TaskState } from '../tasks/task-state.js';
import { stateOf } from '../tasks/task-event.js';
import type { AgentCalls, Sent } from './agent-calls.js';
import { ChildFailedError } from './child-failed.js';
import { contentOf, toParts } from './content.js';
import type { CallOptions, CallResult, Say } from './task-context.js';

const RETRY_MS = 500;

export class ChildCalls {
  constructor(
    private readonly calls: AgentCalls,
    private readonly tasks: TasksService,
    private readonly clock: Clock,
  ) {}

  /** Throws TerminalError when the child fails, is rejected or cancelled. */
  async call(
    parent: ClaimedTask,
    signal: AbortSignal,
    key: string,
    agent: string,
    input: Say,
    options: CallOptions,
  ): Promise<CallResult> {
    const caller = { tenant: parent.tenant, owner: parent.owner };
    const contextId = options.sameSession === false ? derivedId(`context of ${key}`) : parent.contextId;
    const { taskId } = await this.#send(
      signal,
      caller,
      agent,
      { messageId: key, contextId, role: 'ROLE_USER', parts: toParts(input), metadata: { agent: parent.agent } },
      {
        metadata: options.metadata ?? {},
        parent: { id: parent.id, rootId: parent.rootId ?? parent.id, token: parent.token },
        stateless: parent.sessionId === null,
        inConversation: options.sameSession !== false,
      },
    );
    crashPoint('child-opened');
    const state = await this.#ended(taskId, signal);
    const { task } = await this.tasks.get(caller, taskId, { historyLength: 0, artifacts: true });
    const said = task.status.message?.parts ?? [];
    if (state !== 'COMPLETED') {
      throw new ChildFailedError(
        taskId,
        `${agent} ended ${state.toLowerCase()}: ${textOf(said) || 'it gave no reason'}`,
      );
    }
    return { ...contentOf(resultParts(said, task.artifacts ?? [])), taskId, artifacts: task.artifacts ?? [] };
  }

  /** Waits out a database that is away; a server that stops lets the run go on elsewhere. */
  async #send(signal: AbortSignal, ...call: Parameters<AgentCalls['send']>): Promise<Sent> {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await this.calls.send(...call);
      } catch (error) {
        if (!(error instanceof ContinuoError) || error.code !== 'UNAVAILABLE') throw error;
        await this.clock.sleep(RETRY_MS, signal);
      }
    }
  }

  async #ended(taskId: string, signal: AbortSignal): Promise<TaskState> {
    let last: TaskState | undefined;
    for await (const event of this.tasks.follow(taskId, 0, signal)) last = stateOf(event.response) ?? last;
    if (last !== undefined && isTerminal(last)) return last;
    signal.throwIfAborted();
    throw new Error('The server stops.');
  }
}

/** Text as the child said it; data and files from its artifacts, where it said none. */
function resultParts(said: CallResult['parts'], artifacts: CallResult['artifacts']): CallResult['parts'] {
  return [...said, ...artifacts.flatMap((artifact) => artifact.parts).filter((part) => part.text === undefined)];
}
