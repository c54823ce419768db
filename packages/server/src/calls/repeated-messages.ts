/** What becomes of a message whose id was used before: a repetition, another call, or a message that is refused. */
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Caller } from '../platform/caller.js';
import { sessionKey } from '../sessions/append-messages.js';
import { sameContent } from '../sessions/same-content.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import type { EventLog } from '../tasks/event-log.js';
import type { TasksService } from '../tasks/tasks-service.js';

export interface RepeatedMessagesParts {
  readonly tasks: TasksService;
  readonly eventLog: EventLog;
  readonly sessions: SessionsService | undefined;
}

export type InContext = Message & { readonly contextId: string };

export class RepeatedMessages {
  constructor(private readonly parts: RepeatedMessagesParts) {}

  /**
   * The task that the message made before. Throws INVALID_ARGUMENT when what was said then is not what is said now;
   * `namedMessage`, and what a child is asked, are the same by their id, in whatever words.
   */
  async taskOf(
    caller: Caller,
    agent: string,
    message: InContext,
    {
      parent,
      namedMessage = parent !== undefined,
    }: { readonly parent?: { readonly id: string }; readonly namedMessage?: boolean },
  ): Promise<string> {
    const { contextId, messageId } = message;
    const earlier = await this.parts.tasks.findByMessage(caller, { contextId, messageId, agent });
    if (earlier === undefined && parent !== undefined) {
      throw new ContinuoError('RUN_LOST', `Another run owns task ${parent.id} now.`);
    }
    if (earlier === undefined || earlier.agent !== agent) throw usedForAnother();
    if (!namedMessage) await this.isRepeated(earlier.id, message);
    return earlier.id;
  }

  /** Whether the task has the message already. Throws INVALID_ARGUMENT when it has another one with this id. */
  async isRepeated(taskId: string, message: Message): Promise<boolean> {
    const earlier = await this.parts.eventLog.said(taskId, message.messageId);
    if (earlier === undefined || sameContent(earlier, message)) return earlier !== undefined;
    throw usedForAnother();
  }

  /** Whether `error` says only that the session has this very message, as something said to another agent. */
  async isSaidToAnother(error: unknown, caller: Caller, agent: string, message: InContext): Promise<boolean> {
    if (!(error instanceof ContinuoError) || error.field !== 'message.messageId') return false;
    const key = sessionKey(caller, message.contextId);
    const earlier = await this.parts.sessions?.message(key, message.messageId);
    return earlier !== undefined && earlier.agent !== agent && sameContent(earlier.message, message);
  }
}

function usedForAnother(): ContinuoError {
  return invalidArgument('message.messageId', 'an id that no other message in this context has');
}
