/** What agents ask of the room that takes calls in (`calls/`), which stands above this one: tasks of other agents. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Caller } from '../platform/caller.js';
import type { RetryFrom } from '../tasks/attempts.js';
import type { Actor } from '../tasks/task-audit.js';

export interface Acting {
  /** Whom the audit log names. Default: the caller. */
  readonly by?: Actor | undefined;
}

export interface IntakeOptions extends Acting {
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** For a child task: its parent and the root of the tree. */
  readonly parent?: { readonly id: string; readonly rootId: string; readonly token: string };
  /** The id of a new task; default a new one. */
  readonly taskId?: string;
  readonly stateless?: boolean;
  /** Refuses a contextId that names no session yet. */
  readonly sessionMustExist?: boolean;
  /** The session has the message already: an agent passes on what its user said. */
  readonly inConversation?: boolean;
  /** The message's id says what it is for, and is found again by that, also when newer code puts it otherwise. */
  readonly namedMessage?: boolean;
}

export interface Intake {
  /** Resolves when the message is stored, with the task that it began or continued. */
  send(caller: Caller, agent: string, message: Message, options?: IntakeOptions): Promise<{ readonly taskId: string }>;
  /** Ends the task and all that it called. */
  cancel(caller: Caller, taskId: string, options?: Acting): Promise<void>;
  /** Begins a new attempt of a task that has failed or was cancelled; its event has the `key`, if there is one. */
  retry(
    caller: Caller,
    taskId: string,
    options: Acting & { readonly from: RetryFrom; readonly key?: string },
  ): Promise<void>;
}
