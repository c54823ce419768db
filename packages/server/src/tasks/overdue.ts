/** What nobody does when its time has come: waits that are over, and tasks that were held for too long. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { asItIs } from '@continuo/agent/internal/platform/shown.js';
import { toFailureRow } from '@continuo/agent/internal/runs/failure-row.js';
import type { Answer } from '@continuo/agent/internal/tasks/answers.js';
import type { NewStatus } from '@continuo/agent/internal/tasks/task-event.js';
import { waitingStates } from '@continuo/agent/internal/tasks/task-state.js';
import { INPUT_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import type { Database } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import type { Append } from './append-events.js';
import type { EventLog } from './event-log.js';
import { findDue } from './find-due.js';
import { findHeldSince, type HeldTask } from './find-held.js';
import { findReleased, type WaitingTask } from './find-released.js';
import { waitedFor } from './traced-appends.js';

export class Overdue {
  constructor(
    private readonly database: Database,
    private readonly eventLog: EventLog,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** See TasksService.endOverdueWaits. */
  async endWaits(leftBehind: boolean): Promise<readonly string[]> {
    const due = await findDue(this.database, this.clock.now());
    const released = leftBehind ? await findReleased(this.database) : [];
    const ended = await Promise.all([
      ...due.map(async (task) => ((await this.#answer(task)) ? [task.id] : [])),
      ...released.map(async (task) => ((await this.release(task)) ? [task.id] : [])),
    ]);
    return ended.flat();
  }

  /** The task goes on, as the child whose question it asked has got its answer; false when it does already. */
  release(task: WaitingTask): Promise<boolean> {
    return this.#endWait(task, { kind: 'statusUpdate', key: `released:${task.question}`, state: 'WORKING' });
  }

  /** See TasksService.failHeld. */
  async failHeld(timeoutMs: number): Promise<void> {
    const before = new Date(this.clock.now().getTime() - timeoutMs);
    const held = await findHeldSince(this.database, before);
    await Promise.all(held.map((task) => this.#fail(task, timeoutMs)));
  }

  async #fail({ id, contextId, agent, held }: HeldTask, timeoutMs: number): Promise<void> {
    const { finished, found, since } = held;
    const text =
      `The task was held for more than ${timeoutMs} ms, as its agent's code contradicts what it has done. ` +
      `Finished: ${finished}; the code now runs: ${found}.`;
    const message = {
      messageId: newId(),
      contextId,
      taskId: id,
      role: 'ROLE_AGENT' as const,
      parts: [{ text }],
      metadata: { agent },
    };
    const failure = { name: 'HeldTooLong', message: text, causes: [] };
    // Thrown by nobody: no place in anybody's code.
    const error = Object.assign(new Error(text), { name: failure.name, stack: undefined });
    const key = `held-too-long:${since}`;
    const ended = await this.#append({
      taskId: id,
      contextId,
      agent,
      guard: { states: ['WORKING'], heldSince: since },
      events: [{ kind: 'statusUpdate', key, state: 'FAILED', message, inHistory: true, failure }],
      sessionMessages: [message],
      entries: [toFailureRow({ id, agent }, error, this.clock.now(), asItIs)],
    });
    if (ended) this.log.warn({ taskId: id, agent, finished, found, since }, 'a task failed that was held too long');
  }

  #answer(task: WaitingTask): Promise<boolean> {
    const metadata = { [INPUT_EXTENSION]: { timedOut: true } };
    const event: NewStatus = { kind: 'statusUpdate', key: `timeout:${task.question}`, state: 'WORKING', metadata };
    return this.#endWait(task, event, {
      timedOut: true,
      question: task.question,
      at: this.clock.now().toISOString(),
    });
  }

  /** False when somebody has answered after all. */
  #endWait(
    { id, contextId, agent, question, since }: WaitingTask,
    event: NewStatus,
    answer?: Answer,
  ): Promise<boolean> {
    return this.#append({
      taskId: id,
      contextId,
      agent,
      guard: { states: waitingStates, question },
      events: [event],
      sessionMessages: [],
      ...(answer === undefined ? {} : { answer }),
      waited: waitedFor(question, since),
    });
  }

  /** False when the task has moved on. */
  async #append(append: Omit<Append, 'release' | 'at'>): Promise<boolean> {
    try {
      await this.eventLog.append({ ...append, release: true, at: this.clock.now().toISOString() });
      return true;
    } catch (error) {
      if (error instanceof ContinuoError) return false;
      throw error;
    }
  }
}
