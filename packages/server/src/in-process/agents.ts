/** `Agents`: calls agents from a program in the same process, typed by their classes, durable as every call is. */
import { Inject, Injectable } from '@nestjs/common';
import { contentOf } from '@continuo/agent/internal/agents/content.js';
import { answerOfTask } from '@continuo/agent/internal/agents/task-answer.js';
import { AgentCalls } from '../calls/agent-calls.js';
import type { Sent } from '../calls/send-options.js';
import { localCaller } from '../platform/caller.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { textOf } from '@continuo/agent/internal/sessions/message.js';
import { isSettled, isTerminal, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import { stateOf } from '@continuo/agent/internal/tasks/task-event.js';
import { openedEvents } from '../tasks/opened-task.js';
import type { TaskAt } from '../tasks/read-tasks.js';
import { TasksService } from '../tasks/tasks-service.js';
import { AgentCallFailedError } from './agent-call-failed.js';
import { toCaller, type ActingAs } from './options.js';
import type { TaskEvent } from './task-event.js';
import { toTaskEvent } from './task-events.js';
import { keyOf, toInput, toRequest, toSaying, type AgentInput, type Saying } from './task-input.js';
import type { AgentData, AgentReference, AgentResult } from './typed-answer.js';
import { untilLeft } from './until-left.js';

const everything = { artifacts: true } as const;

/**
 * Calls agents from the application's own code: inject it into controllers, jobs and providers of any module that imports
 * ContinuoModule. Agents themselves call others with `task.call`.
 *
 * What a call makes is a task like every other: stored before `call` resolves or `stream` yields, taken up elsewhere when
 * this process dies, listed, and in its session. It is refused as over HTTP, with a ContinuoError, and nothing has happened
 * then; CONTINUO_LIMIT_REQUESTS and CONTINUO_LIMIT_STREAMS alone count nothing here. A ContinuoError that a controller
 * doesn't catch is answered as the HTTP API answers it.
 *
 * The tasks belong to the owner `local` in the tenant `default`, who is everybody in the local mode; `as` acts as another.
 * Works once the application is initialized.
 *
 * @example
 * @Injectable()
 * export class RefundsService {
 *   constructor(private readonly agents: Agents) {}
 *
 *   async refund(order: number, user: string) {
 *     const { data } = await this.agents.as({ owner: user }).call(RefundsAgent, { text: 'Refund it.', data: { order } });
 *     return data; // typed by what RefundsAgent returns
 *   }
 * }
 */
@Injectable()
export class Agents {
  /** @internal */
  constructor(
    @Inject(AgentCalls) private readonly calls: AgentCalls,
    @Inject(TasksService) private readonly tasks: TasksService,
  ) {}

  #caller = localCaller();

  /**
   * The same, as another caller: whose tasks and sessions they are, and whose quotas count. Nothing is asked for that would
   * prove it; that is the application's to know.
   *
   * @throws ContinuoError: INVALID_ARGUMENT for an owner or tenant that is empty or longer than 256 characters.
   * @example
   * const answer = await this.agents.as({ owner: user.id }).call(RefundsAgent, 'Refund order 7.');
   */
  as(caller: ActingAs): Agents {
    const agents = new Agents(this.calls, this.tasks);
    agents.#caller = toCaller(caller);
    return agents;
  }

  /**
   * Says something to an agent, and resolves when its task has completed or asks for something: `state` says which of them.
   * A string is its text. It waits for as long as that takes, be it weeks; `signal` ends the wait. When the process ends
   * before, the task goes on all the same: `tasks.get` finds it. Sent again under the same `idempotencyKey` or `messageId`
   * it finds the task that was made before.
   *
   * `agent` is the class, which types `data` by what it returns, or `type/name`, with `data` unknown.
   *
   * @throws AgentCallFailedError when the task fails or is rejected or cancelled: `reason`, `taskId`, `state`, `task`; the
   * reason of `signal`, and the task goes on; ContinuoError: AGENT_NOT_FOUND, AGENT_INVALID for a class that is none,
   * INVALID_ARGUMENT with its `field` (there are no options but those of AgentInput), SESSION_NOT_FOUND, QUOTA_EXCEEDED,
   * UNAVAILABLE while the database is away or this instance stops, and what else the API refuses.
   * @example
   * const { data } = await this.agents.call(RefundsAgent, { text: 'Refund it.', data: { order: 7 }, sessionId });
   */
  async call<const Agent extends AgentReference>(
    agent: Agent,
    input: string | AgentInput,
  ): Promise<AgentResult<AgentData<Agent>>> {
    const given = toInput(input);
    const sent = await this.#send(keyOf(agent), given);
    return this.#result(sent, given.signal);
  }

  /**
   * The same, and yields what happens to the task as A2A streams it, from its beginning until it has ended or asks for
   * something: each event once, in its order, on whichever instance the task runs. The task is made when the first event is
   * asked for; whoever leaves the loop leaves the task alone. A task that fails ends the loop; its last event says so.
   * `tasks.watch` goes on behind the `seq` of any event.
   *
   * @throws as `call`, but for the end of the task: no AgentCallFailedError.
   * @example
   * for await (const event of this.agents.stream('context/assistant', 'Hello')) {
   *   if ('artifactUpdate' in event) show(event.artifactUpdate.artifact.parts);
   * }
   */
  async *stream(agent: AgentReference, input: string | AgentInput): AsyncGenerator<TaskEvent, void> {
    const given = toInput(input);
    const { taskId, opened } = await this.#send(keyOf(agent), given);
    const first = opened === undefined ? undefined : openedEvents(opened);
    const events = untilLeft(given.signal, (signal) =>
      first === undefined ? this.tasks.follow(taskId, 0, signal) : this.tasks.followOpened(taskId, first, signal),
    );
    for await (const event of events) {
      const state = stateOf(event.response);
      yield await toTaskEvent(this.tasks, event);
      if (state !== undefined && isSettled(state) && (await this.#isSettled(taskId))) return;
    }
    given.signal?.throwIfAborted();
  }

  /**
   * Answers the question of a task that asks for something, and resolves as `call` does, when it has completed or asks
   * again. Data must fit the schema of the question (`question` of the result before), where it has one. `Data` is what
   * the caller expects in `data`: the id of a task tells no type, and nothing checks it.
   *
   * @throws as `call`; ContinuoError: TASK_NOT_FOUND, also for a task of somebody else's, and UNSUPPORTED_OPERATION for a
   * task that asks nothing.
   * @example
   * const asked = await this.agents.call(RefundsAgent, 'Refund order 7.');
   * if (asked.state === 'INPUT_REQUIRED') await this.agents.answer(asked.taskId, 'yes');
   */
  async answer<Data = unknown>(taskId: string, reply: string | Saying): Promise<AgentResult<Data>> {
    const given = toSaying(reply);
    const { agent, state } = await this.tasks.get(this.#caller, taskId, { historyLength: 0, artifacts: false });
    if (!isSettled(state) || isTerminal(state)) {
      throw new ContinuoError('UNSUPPORTED_OPERATION', `Task ${taskId} asks nothing: it is ${state}.`);
    }
    const { message } = toRequest(given);
    const sent = await this.calls.send(
      this.#caller,
      agent,
      { ...message, taskId, contextId: undefined },
      { idempotencyKey: given.idempotencyKey, ...(given.metadata === undefined ? {} : { metadata: given.metadata }) },
    );
    return this.#result<Data>(sent, given.signal);
  }

  #send(agent: string, input: AgentInput): Promise<Sent> {
    input.signal?.throwIfAborted();
    const { message, metadata, startAt, priority, maxTokens, maxCost } = toRequest(input);
    return this.calls.send(this.#caller, agent, message, {
      idempotencyKey: input.idempotencyKey,
      sessionMustExist: input.sessionId !== undefined,
      startAt,
      priority,
      maxTokens,
      maxCost,
      ...(metadata === undefined ? {} : { metadata }),
    });
  }

  async #isSettled(taskId: string): Promise<boolean> {
    return isSettled((await this.tasks.get(this.#caller, taskId, { historyLength: 0, artifacts: false })).state);
  }

  async #result<Data>(sent: Sent, given: AbortSignal | undefined): Promise<AgentResult<Data>> {
    const signal = given ?? new AbortController().signal;
    const at = await this.calls.settled(this.#caller, sent, { view: everything, signal });
    if (isSettled(at.state)) return toResult<Data>(at);
    signal.throwIfAborted();
    throw new ContinuoError('UNAVAILABLE', `Continuo stops here; task ${sent.taskId} goes on, here or elsewhere.`);
  }
}

function toResult<Data>({ task, state }: TaskAt): AgentResult<Data> {
  const { id, contextId, status } = task;
  if (isFailure(state)) throw new AgentCallFailedError(id, state, textOf(status.message?.parts ?? []), task);
  const isDone = state === 'COMPLETED';
  const { parts, artifacts } = isDone ? answerOfTask(id, task) : { parts: status.message?.parts ?? [], artifacts: [] };
  const content = contentOf(parts);
  return {
    ...content,
    data: content.data as Data,
    taskId: id,
    sessionId: contextId,
    state: state as AgentResult['state'],
    artifacts,
    question: isDone ? undefined : status.message,
    task,
  };
}

function isFailure(state: TaskState): state is AgentCallFailedError['state'] {
  return state === 'FAILED' || state === 'REJECTED' || state === 'CANCELED';
}
