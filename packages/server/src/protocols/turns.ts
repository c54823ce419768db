/** A turn of a conversation over any protocol: it answers what waits in the session, or begins a task. */
import { derivedId, newId } from '@continuo/agent/internal/platform/ids.js';
import type { Message, Part } from '@continuo/agent/internal/sessions/message.js';
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { INPUT_EXTENSION, type Task } from '@continuo/agent/internal/tasks/task.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import type { SendOptions, Sent } from '../calls/send-options.js';
import type { Caller } from '../platform/caller.js';
import { sessionKey } from '../sessions/append-messages.js';
import type { SaidTo } from '../sessions/store-requests.js';
import { openedEvents } from '../tasks/opened-task.js';
import { bare } from '../tasks/read-tasks.js';
import type { ProtocolParts } from './protocol.js';

/** What somebody says to an agent. */
export interface Turn {
  /** `type/name`. */
  readonly agent: string;
  /** The session; without one the task gets a new one. */
  readonly contextId?: string | undefined;
  /** The session begins with this turn: nothing waits in it. Default: false. */
  readonly begins?: boolean;
  readonly parts: readonly Part[];
  /** The same of the same caller in the same session is said once. Default: a new one, or one for the idempotency key. */
  readonly messageId?: string | undefined;
  /** The task to go on with. Default: the one of this agent that waits in the session. */
  readonly taskId?: string | undefined;
  /** Goes into the metadata of the message. */
  readonly messageMetadata?: Message['metadata'];
  readonly options?: SendOptions;
}

export interface TurnTaken extends Pick<Sent, 'taskId' | 'created'> {
  /** The number of the event with which the task got the message: the turn is what comes behind it. */
  readonly seq: number;
  /** What the log of a new task begins with, until somebody follows it. */
  readonly first?: LogEvent[];
}

/** The id of the message that is sent under an idempotency key, and of each repetition. */
export function messageOfKey(idempotencyKey: string): string {
  return derivedId(`message of ${idempotencyKey}`);
}

export class Turns {
  constructor(private readonly parts: Pick<ProtocolParts, 'calls' | 'sessions' | 'tasks'>) {}

  /**
   * Resolves when the message is stored. While exactly one task of the agent waits for a person in the session, the message
   * is its answer; else it begins a task. A message that was sent before has done its part: the task is the same.
   * Throws what `AgentCalls.send` throws.
   */
  async take(caller: Caller, { agent, contextId, begins = false, options = {}, ...turn }: Turn): Promise<TurnTaken> {
    const { calls, tasks } = this.parts;
    const { idempotencyKey } = options;
    const messageId = turn.messageId ?? (idempotencyKey === undefined ? newId() : messageOfKey(idempotencyKey));
    const { taskId, wantsData } =
      turn.taskId === undefined
        ? await this.#place(caller, { agent, contextId: begins ? undefined : contextId, messageId })
        : await this.#asked(caller, turn.taskId);
    const message: Message = {
      messageId,
      role: 'ROLE_USER',
      parts: wantsData === true ? asData(turn.parts) : turn.parts,
      contextId,
      taskId,
      ...(turn.messageMetadata === undefined ? {} : { metadata: turn.messageMetadata }),
    };
    const sent = await calls.send(caller, agent, message, options);
    const { created, opened } = sent;
    const seq = created ? 1 : ((await tasks.lookup.saidAt(sent.taskId, messageId)) ?? 1);
    const begun = opened === undefined ? {} : { first: openedEvents(opened) };
    return { taskId: sent.taskId, created, seq, ...begun };
  }

  /** All that happens behind the event `seq`, until the task has ended or `signal` is aborted; of a new task as it is written. */
  follow(
    { taskId, seq, first }: Pick<TurnTaken, 'taskId' | 'seq' | 'first'>,
    signal: AbortSignal,
  ): AsyncGenerator<LogEvent, void> {
    const { tasks } = this.parts;
    return first === undefined ? tasks.follow(taskId, seq, signal) : tasks.followOpened(taskId, first, signal);
  }

  /** The turn that was said last to an agent in a session, over any protocol; undefined for none. */
  async lastSaid(caller: Caller, { contextId, ...which }: SaidTo & { readonly contextId: string }) {
    const { sessions, tasks } = this.parts;
    const message = await sessions?.saidTo(sessionKey(caller, contextId), which);
    const { taskId, messageId } = message ?? {};
    if (taskId === undefined || messageId === undefined) return undefined;
    const { state } = await tasks.get(caller, taskId, bare);
    return { taskId, state, seq: (await tasks.lookup.saidAt(taskId, messageId)) ?? 1 };
  }

  /** The task that the message goes to, or has gone to before; none: it begins one. */
  async #place(
    caller: Caller,
    {
      agent,
      contextId,
      messageId,
    }: { readonly agent: string; readonly contextId: string | undefined; readonly messageId: string },
  ): Promise<Place> {
    if (contextId === undefined) return {};
    const earlier = await this.parts.sessions?.message(sessionKey(caller, contextId), messageId);
    if (earlier !== undefined) return earlier.agent === agent ? this.#again(earlier.message) : {};
    const waiting = await this.parts.tasks.waitingIn(caller, { agent, contextId });
    return waiting === undefined ? {} : this.#asked(caller, waiting);
  }

  /** Where a message goes that was sent before: in the same form, as the same request. */
  async #again({ taskId, messageId, parts }: Message): Promise<Place> {
    const seq = taskId === undefined ? undefined : await this.parts.tasks.lookup.saidAt(taskId, messageId);
    return { taskId: seq === 1 ? undefined : taskId, wantsData: parts[0]?.data !== undefined };
  }

  async #asked(caller: Caller, taskId: string): Promise<Place> {
    const { task } = await this.parts.tasks.get(caller, taskId, bare);
    return placeOf(task);
  }
}

interface Place {
  /** Undefined: the message begins a task. */
  readonly taskId?: string | undefined;
  /** The answer has to fit a schema. */
  readonly wantsData?: boolean;
}

function placeOf({ id, status }: Task): Place {
  const asked = status.message?.metadata?.[INPUT_EXTENSION];
  return { taskId: id, wantsData: isObject(asked) && 'schema' in asked };
}

/** Who can only write text answers a question for data with JSON. */
function asData(parts: readonly Part[]): readonly Part[] {
  const [only, ...others] = parts;
  if (only?.text === undefined || others.length > 0) return parts;
  try {
    const data: unknown = JSON.parse(only.text);
    return typeof data === 'object' && data !== null ? [{ data }] : parts;
  } catch {
    return parts;
  }
}
