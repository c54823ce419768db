/** The base of every agent: one method to write, and a session store that may be missing or fail. */
import { noteCopy } from '../platform/copies.js';
import { messageOf } from '../platform/errors.js';
import { LOG } from '../platform/tokens.js';
import type { Log } from '../platform/log.js';
import type { SessionStore } from '../sessions/session-store.js';
import { derivedId } from '../platform/ids.js';
import { storable } from '../platform/storable.js';
import type { Part } from '../sessions/message.js';
import { partsBytes } from '../tasks/task-event.js';
import type { Remark } from './answer.js';
import { toParts } from './content.js';
import { injected, SERVICES } from './injected.js';
import { currentRun } from './run-scope.js';
import type { Say, TaskContext } from './task-context.js';

noteCopy('@continuo/agent', import.meta.url);

/** What an agent may return: its answer in words or parts, a remark on its artifacts, or nothing when they say it all. */
export type AgentAnswer = string | readonly Part[] | Remark | void;

/** What is left of a task that was cancelled. */
export interface CanceledTask {
  readonly id: string;
  /** The results of its finished steps of this name, in order. */
  stepResults(name: string): Promise<readonly unknown[]>;
}

/**
 * The base of every agent: extend it, mark the class with `@A2AAgent` and write `execute`. One object of the class
 * serves all tasks at the same time, so it must hold nothing of a single task: that belongs into steps and into the
 * session.
 *
 * @example
 * @A2AAgent({ type: 'custom', name: 'greeter', version: '1.0.0', description: 'Greets people.' })
 * export class GreeterAgent extends A2AAgentBaseService {
 *   async execute(task: TaskContext) {
 *     return `Hello, ${task.text}!`;
 *   }
 * }
 */
export abstract class A2AAgentBaseService {
  /** Where sessions are kept; undefined where there is no such place: agents then run stateless. */
  @injected(SERVICES.sessions)
  protected readonly sessions?: SessionStore;

  /** The server's log; undefined where there is none. */
  @injected(LOG)
  protected readonly logger?: Log;

  /**
   * Does the task. What it returns is the answer: an artifact called `answer`, unless it has published the same itself;
   * without one, what its artifacts say is. The user's message was saved to the session before, the answer is saved after,
   * together with the task's last event.
   * What isn't in a step or a call runs again after a crash: keep side effects in `task.step`.
   */
  abstract execute(task: TaskContext): Promise<AgentAnswer>;

  /**
   * Called after a task of this agent was cancelled, on whichever instance the cancel came to, also when no run of it is
   * under way: for what has to be stopped elsewhere. Best effort; the task has ended already.
   */
  onCancel(_task: CanceledTask): Promise<void> {
    return Promise.resolve();
  }

  /** Saves the user's message to the session, once. False when it could not: the agent goes on without. */
  protected saveUserMessageToSession(
    task: TaskContext,
    metadata: Readonly<Record<string, unknown>> = {},
  ): Promise<boolean> {
    return this.#save(task, { ...task.message, metadata: { ...task.message.metadata, ...metadata } });
  }

  /**
   * Saves something the agent says to the session, once per text. False when it could not: the agent goes on without. It is
   * a message like the answer: throws TerminalError beyond CONTINUO_LIMIT_MESSAGE_BYTES.
   */
  protected async saveAgentResponseToSession(
    task: TaskContext,
    response: Say,
    metadata: Readonly<Record<string, unknown>> = {},
  ): Promise<boolean> {
    const parts = toParts(response, 'saveAgentResponseToSession');
    if (this.#isKept(task)) currentRun()?.saysBeside?.(partsBytes(parts));
    return this.#save(task, {
      messageId: derivedId(`${task.id}:${JSON.stringify(parts)}`),
      contextId: task.session.id,
      taskId: task.id,
      role: 'ROLE_AGENT' as const,
      parts,
      metadata: { agent: task.agent, ...metadata },
    });
  }

  async #save(task: TaskContext, message: TaskContext['message']): Promise<boolean> {
    if (this.sessions === undefined || !this.#isKept(task)) return false;
    try {
      await this.sessions.save(task.session.key, storable(message), { taskId: task.id, agent: task.agent });
      return true;
    } catch (error) {
      this.logger?.warn({ err: messageOf(error), taskId: task.id }, 'a message was not saved to its session');
      return false;
    }
  }

  #isKept(task: TaskContext): boolean {
    return this.sessions !== undefined && !task.session.stateless;
  }
}
