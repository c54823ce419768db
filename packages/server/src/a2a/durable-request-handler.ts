/** A2A's operations for one agent, on tasks that live in the database: what the SDK's transports call. */
import {
  Message,
  type Task,
  type AgentCard,
  type CancelTaskRequest,
  type DeleteTaskPushNotificationConfigRequest,
  type GetTaskPushNotificationConfigRequest,
  type GetExtendedAgentCardRequest,
  type GetTaskRequest,
  type ListTasksRequest,
  type ListTaskPushNotificationConfigsRequest,
  type ListTaskPushNotificationConfigsResponse,
  type ListTasksResponse,
  type SendMessageRequest,
  type StreamResponse,
  type SubscribeToTaskRequest,
  type TaskPushNotificationConfig,
  TaskState,
  taskStateToJSON,
} from '@a2a-js/sdk';
import type { A2ARequestHandler, ServerCallContext } from '@a2a-js/sdk/server';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { historyLength as historyLengthSchema, time, wholeNumber } from '@continuo/agent/internal/platform/ranges.js';
import { messageSchema, type Message as SentMessage } from '@continuo/agent/internal/sessions/message.js';
import { fromWireState, isTerminal } from '@continuo/agent/internal/tasks/task-state.js';
import { CALL_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import type { AgentCalls } from '../calls/agent-calls.js';
import type { Sent } from '../calls/send-options.js';
import type { Caller, Scope } from '../platform/caller.js';
import type { CallerLimits } from '../platform/caller-limits.js';
import { httpErrors } from '../platform/http-errors.js';
import type { Log } from '../platform/log.js';
import { toContinuoError } from '../platform/to-continuo-error.js';
import { taskNotFound } from '../tasks/task-not-found.js';
import type { TasksService } from '../tasks/tasks-service.js';
import type { TaskAt, TaskView } from '../tasks/read-tasks.js';
import type { IdempotencyKeys } from '../calls/idempotency.js';
import type { PushConfigsService } from '../webhooks/push-configs.service.js';
import { toA2AError } from './a2a-errors.js';
import { activateExtensions, keptExtensions, refuseWithoutRequired } from './extensions.js';
import { refuseOtherModes } from './input-modes.js';
import {
  callerOf,
  callOf,
  HttpUser,
  idempotencyKeyOf,
  resumeAfter,
  setRetryAfter,
  whileWaiting,
  wholeFor,
} from './call-context.js';
import { PushOperations } from './push-operations.js';
import type { Frame } from './frame.js';
import { saidIn } from './old-rest-requests.js';
import { oldEvents, type OldEventsOptions } from './old-events.js';
import { sdkMessage, sdkTask, wholeMessage } from '../tasks/sdk-objects.js';
import { replyOf, type SendAnswer } from './reply.js';
import { TaskStreams } from './task-streams.js';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 100;
/** How long GetTask waits for another generation (A2A 1.1): less than proxies and clients usually wait for an answer. */
const LONG_POLL_MS = 30_000;

export interface HandlerOptions extends OldEventsOptions {
  /** `type/name`. */
  readonly agent: string;
  readonly card: () => AgentCard;
  /** Whether the agent's answers are Messages, as far as clients see. */
  readonly repliesWithMessage: () => boolean;
  /** The card for a caller who has proved who they are; undefined where nobody has to. */
  readonly extendedCard: (context: ServerCallContext) => Promise<AgentCard | undefined>;
  readonly calls: AgentCalls;
  readonly tasks: TasksService;
  readonly pushConfigs: PushConfigsService;
  readonly idempotency: IdempotencyKeys;
  /** Milliseconds after which a blocking SendMessage answers with the task as it is. */
  readonly blockingTimeoutMs: number;
  readonly limits: CallerLimits;
  readonly log: Log;
}

export class DurableRequestHandler implements A2ARequestHandler {
  readonly #streams: TaskStreams;
  readonly #push: PushOperations;

  constructor(private readonly options: HandlerOptions) {
    this.#streams = new TaskStreams(options.tasks, options.calls);
    this.#push = new PushOperations(options.pushConfigs, options.idempotency);
  }

  async getAgentCard(): Promise<AgentCard> {
    return this.options.card();
  }

  /** What the card says, and who asks for it. */
  getAuthenticatedExtendedAgentCard(
    params: GetExtendedAgentCardRequest,
    context: ServerCallContext,
  ): Promise<AgentCard> {
    return this.#answer(
      context,
      async () => {
        callerOf(context, 'read', params.tenant);
        const card = await this.options.extendedCard(context);
        if (card !== undefined) return card;
        throw new ContinuoError('UNSUPPORTED_OPERATION', 'Without authentication there is no extended card.');
      },
      false,
    );
  }

  async sendMessage(params: SendMessageRequest, context: ServerCallContext): Promise<Task | Message> {
    const answer = await this.send(withSaid(params, context), context);
    return 'message' in answer ? sdkMessage(answer.message) : sdkTask(answer.task);
  }

  /** The answer as it goes out. `checked`: the message of `params`, where it has been checked already. */
  send(params: SendMessageRequest, context: ServerCallContext, checked?: SentMessage): Promise<SendAnswer> {
    return this.#answer(context, async () => {
      const { tasks, calls, blockingTimeoutMs } = this.options;
      const replies = this.options.repliesWithMessage();
      const caller = callerOf(context, 'write', params.tenant);
      const length = historyLength(params.configuration?.historyLength);
      const view = { historyLength: length, ...wholeFor(context) };
      const sent = await this.#call(caller, params, context, this.#checked(params, context, checked));
      // It has no effect on answers that are Messages (A2A section 3.2.2).
      const answered =
        params.configuration?.returnImmediately === true && !replies
          ? await tasks.get(caller, sent.taskId, view)
          : await whileWaiting(context, blockingTimeoutMs, (signal) => calls.settled(caller, sent, { view, signal }));
      return (replies ? replyOf(answered) : undefined) ?? { task: noted(context, answered).task };
    });
  }

  /** For clients of 0.3, without ids; `streamMessage` is that of 1.0. */
  sendMessageStream(params: SendMessageRequest, context: ServerCallContext): AsyncGenerator<StreamResponse, void> {
    return oldEvents([() => this.streamMessage(withSaid(params, context), context)], context, this.options);
  }

  /** Sends the message, then its task's events with their ids; resumes behind `Last-Event-ID`. */
  streamMessage(
    params: SendMessageRequest,
    context: ServerCallContext,
    checked?: SentMessage,
  ): Promise<AsyncIterable<Frame>> {
    return this.#answer(context, async () => {
      const caller = callerOf(context, 'write', params.tenant);
      historyLength(params.configuration?.historyLength);
      // What it refuses is refused before anything is stored.
      resumeAfter(context);
      this.#refuseWithout('streaming');
      const said = this.#checked(params, context, checked);
      this.options.limits.countStream(caller, callOf(context).answer);
      const sent = await this.#call(caller, params, context, said);
      const frames = this.options.repliesWithMessage()
        ? this.#streams.reply(caller, sent, context)
        : await this.#streams.open(caller, sent, context);
      return withGenerations(context, frames);
    });
  }

  getTask(params: GetTaskRequest, context: ServerCallContext): Promise<Task> {
    return this.#answer(context, async () => {
      const caller = callerOf(context, 'read', params.tenant);
      const view = { ...wholeFor(context), historyLength: historyLength(params.historyLength) };
      const task = await this.#own(params, caller, view);
      const after = callOf(context).generations?.after;
      if (after === undefined || task.lastSeq > after || isTerminal(task.state)) return toSdk(noted(context, task));
      this.options.limits.countStream(caller, callOf(context).answer);
      const ms = Math.min(LONG_POLL_MS, this.options.blockingTimeoutMs);
      const wait = (signal: AbortSignal) => this.options.tasks.beyond(caller, params.id, { view, seq: after }, signal);
      return toSdk(noted(context, await whileWaiting(context, ms, wait)));
    });
  }

  cancelTask(params: CancelTaskRequest, context: ServerCallContext): Promise<Task> {
    return this.#answer(context, async () => {
      const caller = callerOf(context, 'write', params.tenant);
      await this.#own(params, caller, { historyLength: 0, artifacts: false });
      await this.options.calls.cancel(caller, params.id, { idempotencyKey: idempotencyKeyOf(context) });
      return toSdk(noted(context, await this.#own(params, caller, wholeFor(context))));
    });
  }

  resubscribe(params: SubscribeToTaskRequest, context: ServerCallContext): AsyncGenerator<StreamResponse, void> {
    return oldEvents([() => this.subscribe(params, context)], context, this.options);
  }

  /** The task as it is, then its events with their ids; only what is missing, behind `Last-Event-ID`. */
  subscribe(params: SubscribeToTaskRequest, context: ServerCallContext): Promise<AsyncIterable<Frame>> {
    return this.#answer(context, async () => {
      const caller = callerOf(context, 'read', params.tenant);
      this.#refuseWithout('streaming');
      this.options.limits.countStream(caller, callOf(context).answer);
      const task = await this.#own(params, caller, wholeFor(context));
      return withGenerations(context, await this.#streams.subscribe(task, context));
    });
  }

  listTasks(params: ListTasksRequest, context: ServerCallContext): Promise<ListTasksResponse> {
    return this.#answer(context, async () => {
      const caller = callerOf(context, 'read', params.tenant);
      const size = params.pageSize ?? DEFAULT_PAGE;
      parse(wholeNumber(1, MAX_PAGE), size, 'pageSize');
      const filter = {
        agent: this.options.agent,
        contextId: params.contextId === '' ? undefined : params.contextId,
        state: stateFilter(params.status),
        // Of what was answered with a Message its client knows no task.
        notInState: this.options.repliesWithMessage() ? ('COMPLETED' as const) : undefined,
        statusAfter: timestamp(params.statusTimestampAfter),
      };
      const view = {
        historyLength: historyLength(params.historyLength) ?? 0,
        artifacts: params.includeArtifacts === true,
        mostBytes: callOf(context).mostBytes,
      };
      const page = { ...view, size, token: params.pageToken };
      const found = await this.options.tasks.list(caller, filter, page);
      const { nextPageToken, totalSize } = found;
      return {
        tasks: found.tasks.map((task) => toSdk(noted(context, task))),
        nextPageToken,
        pageSize: size,
        totalSize,
      };
    });
  }

  createTaskPushNotificationConfig(
    params: TaskPushNotificationConfig,
    context: ServerCallContext,
  ): Promise<TaskPushNotificationConfig> {
    return this.#onTask(params, context, 'write', (caller) => this.#push.create(caller, params, context));
  }

  getTaskPushNotificationConfig(
    params: GetTaskPushNotificationConfigRequest,
    context: ServerCallContext,
  ): Promise<TaskPushNotificationConfig> {
    return this.#onTask(params, context, 'read', (caller) => this.#push.get(caller, params));
  }

  listTaskPushNotificationConfigs(
    params: ListTaskPushNotificationConfigsRequest,
    context: ServerCallContext,
  ): Promise<ListTaskPushNotificationConfigsResponse> {
    return this.#onTask(params, context, 'read', (caller) => this.#push.list(caller, params));
  }

  deleteTaskPushNotificationConfig(
    params: DeleteTaskPushNotificationConfigRequest,
    context: ServerCallContext,
  ): Promise<void> {
    return this.#onTask(params, context, 'write', (caller) => this.#push.remove(caller, params));
  }

  /** `work` on what belongs to a task of this agent. */
  #onTask<Result>(
    { taskId, tenant }: { readonly taskId: string; readonly tenant: string },
    context: ServerCallContext,
    scope: Scope,
    work: (caller: Caller) => Promise<Result>,
  ): Promise<Result> {
    return this.#answer(context, async () => {
      const caller = callerOf(context, scope, tenant);
      this.#refuseWithout('pushNotifications');
      await this.#own({ id: taskId }, caller, { historyLength: 0, artifacts: false });
      return work(caller);
    });
  }

  /** The message to send, and what the task keeps of its call. Throws INVALID_ARGUMENT. */
  #checked(params: SendMessageRequest, context: ServerCallContext, checked: SentMessage | undefined) {
    const message = checked ?? parse(messageSchema, this.#written(params.message, context), 'message');
    refuseOtherModes(message, this.options.card());
    if (params.configuration?.taskPushNotificationConfig !== undefined) this.#refuseWithout('pushNotifications');
    const { acceptedOutputModes = [] } = params.configuration ?? {};
    const kept = {
      ...(acceptedOutputModes.length === 0 ? {} : { acceptedOutputModes }),
      ...keptExtensions(context, this.options.card()),
    };
    return {
      message,
      metadata: { ...params.metadata, ...(Object.keys(kept).length > 0 && { [CALL_EXTENSION]: kept }) },
    };
  }

  /** What its reader has taken for nothing was null: what has nothing in it was refused before. Version 0.3 is checked here alone. */
  #written(message: Message | undefined, context: ServerCallContext): unknown {
    if (message === undefined) return undefined;
    return Message.toJSON(callOf(context).wireVersion === '0.3' ? message : wholeMessage(message));
  }

  /** Sends what `#checked` has found right. */
  #call(
    caller: Caller,
    params: SendMessageRequest,
    context: ServerCallContext,
    { message, metadata }: { readonly message: SentMessage; readonly metadata: Readonly<Record<string, unknown>> },
  ): Promise<Sent> {
    return this.options.calls.send(caller, this.options.agent, message, {
      metadata,
      idempotencyKey: idempotencyKeyOf(context),
      requestUrl: () => callOf(context).address,
      attachment: this.#push.attachment(caller, params, context),
      atSeq: callOf(context).generations?.ifMatch,
    });
  }

  /** Throws what A2A has for what the agent's card says that it can't (section 3.3.4). */
  #refuseWithout(capability: 'streaming' | 'pushNotifications'): void {
    const { agent, card } = this.options;
    if (card().capabilities?.[capability] !== false) return;
    throw capability === 'streaming'
      ? new ContinuoError('UNSUPPORTED_OPERATION', `Agent "${agent}" streams nothing: poll the task.`)
      : new ContinuoError('PUSH_NOTIFICATION_NOT_SUPPORTED', `Agent "${agent}" pushes no notifications.`);
  }

  /** A task of this agent: one of another agent isn't found here. */
  async #own(params: { readonly id: string }, caller: Caller, view: TaskView) {
    if (params.id === '') throw invalidArgument('id', 'the id of a task');
    const task = await this.options.tasks.get(caller, params.id, view);
    if (task.agent !== this.options.agent) throw taskNotFound(params.id);
    return task;
  }

  /** `onAgent`: the agent is asked for something, not only for its card, and may need extensions for that. */
  async #answer<Result>(context: ServerCallContext, work: () => Promise<Result>, onAgent = true): Promise<Result> {
    tracing()?.note({ 'gen_ai.agent.name': this.options.agent, 'a2a.protocol.version': callOf(context).wireVersion });
    try {
      const card = this.options.card();
      if (onAgent) refuseWithoutRequired(context, card);
      activateExtensions(context, card);
      return await work();
    } catch (error) {
      setRetryAfter(context, error);
      const known = toContinuoError(error);
      if (httpErrors[known.code].http === 500) this.options.log.error({ err: error }, 'an operation of A2A failed');
      throw toA2AError(error);
    }
  }
}

/** With what its message says, where that has been read before (see old-rest-requests.ts). */
function withSaid(params: SendMessageRequest, context: ServerCallContext): SendMessageRequest {
  const { message } = params;
  const user = callOf(context);
  const said = user instanceof HttpUser ? saidIn(user.request) : undefined;
  return message === undefined || said === undefined ? params : { ...params, message: { ...message, ...said } };
}

/** For a client that asks for generations. */
function noted(context: ServerCallContext, task: TaskAt): TaskAt {
  callOf(context).generations?.note(task);
  return task;
}

function withGenerations(context: ServerCallContext, frames: AsyncIterable<Frame>): AsyncIterable<Frame> {
  return callOf(context).generations?.frames(frames) ?? frames;
}

function toSdk({ task }: { readonly task: unknown }): Task {
  return sdkTask(task);
}

function historyLength(value: number | undefined): number | undefined {
  return value === undefined ? undefined : parse(historyLengthSchema, value, 'historyLength');
}

function stateFilter(state: TaskState) {
  if (state === TaskState.TASK_STATE_UNSPECIFIED) return undefined;
  const known = fromWireState(taskStateToJSON(state));
  if (known === undefined) throw invalidArgument('status', 'one of the task states of A2A');
  return known;
}

function timestamp(value: string | undefined): Date | undefined {
  return value === undefined || value === '' ? undefined : parse(time, value, 'statusTimestampAfter');
}
