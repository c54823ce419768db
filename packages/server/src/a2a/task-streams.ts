/** A2A's streams as readers of the log: every frame carries the seq of its event, and resumes behind it. */
import type { ServerCallContext } from '@a2a-js/sdk/server';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { stateOf, type LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { isTerminal } from '@continuo/agent/internal/tasks/task-state.js';
import type { AgentCalls } from '../calls/agent-calls.js';
import type { Sent } from '../calls/send-options.js';
import type { Caller } from '../platform/caller.js';
import { refuseBeyondEnd } from '../platform/sse.js';
import { openedEvents } from '../tasks/opened-task.js';
import type { TaskAt } from '../tasks/read-tasks.js';
import type { TasksService } from '../tasks/tasks-service.js';
import { closed, resumeAfter, wholeFor } from './call-context.js';
import type { Frame } from './frame.js';
import { replyOf } from './reply.js';

/** Of a task that has ended, for a client that has seen it all. */
async function* nothing(): AsyncGenerator<never> {}

export class TaskStreams {
  constructor(
    private readonly tasks: TasksService,
    private readonly calls: Pick<AgentCalls, 'settled'>,
  ) {}

  /**
   * The stream of a message just sent: all of a new task, or an old one from where it is. The message is stored already, so
   * that the id of an event which the task has not had is no reason to refuse: it is that of another stream, and all comes.
   */
  async open(caller: Caller, sent: Sent, context: ServerCallContext): Promise<AsyncIterable<Frame>> {
    const resumed = sent.created ? undefined : resumeAfter(context);
    if (resumed !== undefined) {
      const { state, lastSeq } = await this.tasks.get(caller, sent.taskId, { historyLength: 0, artifacts: false });
      if (isTerminal(state) && resumed === lastSeq) return nothing();
      if (resumed <= lastSeq) return this.#follow(this.tasks.follow(sent.taskId, resumed, closed(context)), lastSeq);
    }
    if (sent.opened !== undefined) {
      return this.#follow(this.tasks.followOpened(sent.taskId, openedEvents(sent.opened), closed(context)));
    }
    const task = await this.tasks.get(caller, sent.taskId, wholeFor(context));
    return this.#snapshotThen(task, context);
  }

  /** The stream of a message to an agent that replies with one: that alone, or a task that asks or has failed. */
  async *reply(caller: Caller, sent: Sent, context: ServerCallContext): AsyncIterable<Frame> {
    const settled = await this.calls.settled(caller, sent, { view: wholeFor(context), signal: closed(context) });
    yield { id: settled.lastSeq, data: replyOf(settled) ?? { task: settled.task } };
  }

  /**
   * Throws UNSUPPORTED_OPERATION for a task that has ended, unless the client resumes and has not seen its end, and
   * INVALID_ARGUMENT when it resumes behind an event that the task has not had.
   */
  async subscribe(task: TaskAt, context: ServerCallContext): Promise<AsyncIterable<Frame>> {
    const resumed = resumeAfter(context);
    if (resumed !== undefined) refuseBeyondEnd(resumed, task.lastSeq);
    const misses = resumed !== undefined && resumed < task.lastSeq;
    if (isTerminal(task.state) && !misses) {
      throw new ContinuoError('UNSUPPORTED_OPERATION', `Task ${task.task.id} has ended (${task.state}).`);
    }
    if (resumed !== undefined)
      return this.#follow(this.tasks.follow(task.task.id, resumed, closed(context)), task.lastSeq);
    return this.#snapshotThen(task, context);
  }

  #snapshotThen({ task, state, lastSeq }: TaskAt, context: ServerCallContext): AsyncIterable<Frame> {
    const events = isTerminal(state) ? nothing() : this.tasks.follow(task.id, lastSeq, closed(context));
    return this.#follow(events, lastSeq, [{ id: lastSeq, data: { task } }]);
  }

  /**
   * Ends when the task has ended or asks for input (section 11.7); credentials may come by another way than this client, which
   * goes on watching (section 7.6.1). A question before `lastSeq` has its answer. `before` goes first, and is taken out, as a
   * stream may last for days.
   */
  async *#follow(events: AsyncIterable<LogEvent>, lastSeq = 0, before: Frame[] = []): AsyncIterable<Frame> {
    for (let frame = before.shift(); frame !== undefined; frame = before.shift()) yield frame;
    for await (const event of events) {
      const pieces = event.large === true ? { pieces: this.tasks.text(event) } : {};
      yield { id: event.seq, data: event.response, ...pieces };
      const state = stateOf(event.response);
      if (state === 'INPUT_REQUIRED' && event.seq >= lastSeq) return;
    }
  }
}
