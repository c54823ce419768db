/** A message that names a task: the answer to its question, or a word to its agent while it works. */
import { checkAnswer } from '@continuo/agent/internal/agents/input-request.js';
import { crashPoint } from '@continuo/agent/internal/platform/crash-points.js';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { isTerminal, isWaiting } from '@continuo/agent/internal/tasks/task-state.js';
import type { Engine } from '../runs/engine.js';
import type { Caller } from '../platform/caller.js';
import type { TaskAt } from '../tasks/read-tasks.js';
import { otherGeneration, otherQuestion } from '../tasks/generation.js';
import { taskNotFound } from '../tasks/task-not-found.js';
import type { TasksService } from '../tasks/tasks-service.js';
import type { IdempotentCalls } from './idempotent-calls.js';
import type { NamedFiles } from './named-files.js';
import type { RepeatedMessages } from './repeated-messages.js';
import type { SendOptions, Sent } from './send-options.js';
import { optsOut } from './session-wishes.js';

export interface ContinuedTasksParts {
  readonly tasks: TasksService;
  readonly engine: Engine;
}

export class ContinuedTasks {
  constructor(
    private readonly parts: ContinuedTasksParts,
    private readonly repeated: RepeatedMessages,
    private readonly idempotent: IdempotentCalls,
    private readonly namedFiles: NamedFiles,
  ) {}

  /**
   * Resolves when the task has the message. Throws UNSUPPORTED_OPERATION when it has ended, INVALID_ARGUMENT when the
   * message is not what its question asks for, TASK_GENERATION_MISMATCH when it has had another event since or asks
   * another question.
   */
  async tell(caller: Caller, agent: string, message: Message, taskId: string, options: SendOptions): Promise<Sent> {
    const { tasks, engine } = this.parts;
    refuseWishes(options);
    const found = await tasks.get(caller, taskId, { historyLength: 0, artifacts: false });
    if (found.agent !== agent) throw taskNotFound(taskId);
    const { contextId } = found.task;
    if (message.contextId !== undefined && message.contextId !== contextId) {
      throw invalidArgument('message.contextId', `the context of task ${taskId}, or none`);
    }
    if (await this.repeated.isRepeated(taskId, message)) {
      await this.idempotent.claim(caller, agent, message, options);
      return { taskId, created: false };
    }
    const { atSeq, question, by = caller.owner } = options;
    if (atSeq !== undefined && atSeq !== found.lastSeq) throw otherGeneration(taskId, atSeq, found.lastSeq);
    refuseWhenEnded(found);
    const waits = isWaiting(found.state);
    const asked = waits ? found.task.status.message?.messageId : undefined;
    if (question !== undefined && question !== asked) throw otherQuestion(taskId, question);
    if (waits) checkAnswer(found.task.status.message, message);
    const within = options.filesWithin === undefined ? {} : { filesWithin: contextId };
    const files = await this.namedFiles.check(caller, agent, message, { ...options, ...within });
    await this.idempotent.claim(caller, agent, message, options);
    const own = { ...message, contextId, taskId };
    if (!optsOut(found.task.metadata)) await this.namedFiles.keep(caller, files, contextId);
    await options.attachment?.attach(taskId);
    const tell = (inConversation?: boolean): Promise<void> =>
      waits
        ? tasks.answer(found, own, { inConversation, atSeq, by })
        : tasks.deliver(found, own, { inConversation, atSeq });
    try {
      await tell(options.inConversation).catch(async (error: unknown) => {
        if (!(await this.repeated.isSaidToAnother(error, caller, agent, own))) throw error;
        await tell(true);
      });
    } catch (error) {
      if (!(error instanceof ContinuoError)) throw error;
      // The same message came twice at once, and the other was faster.
      if (await this.repeated.isRepeated(taskId, message)) return { taskId, created: false };
      if (error.code === 'TASK_GENERATION_MISMATCH') throw error;
      refuseWhenEnded(await tasks.get(caller, taskId, { historyLength: 0, artifacts: false }));
      throw error;
    }
    if (!waits) return { taskId, created: false };
    crashPoint('answer-stored');
    await engine.resume([taskId]);
    crashPoint('task-resumed');
    return { taskId, created: false };
  }
}

/** When a task begins and what it may take is said once, of a new one. */
function refuseWishes(options: SendOptions): void {
  const wish = (['startAt', 'priority', 'maxTokens', 'maxCost'] as const).find((name) => options[name] !== undefined);
  if (wish !== undefined) throw invalidArgument(wish, 'none for a message with a taskId: it is about a new task alone');
}

function refuseWhenEnded({ task, state }: TaskAt): void {
  if (!isTerminal(state)) return;
  throw new ContinuoError(
    'UNSUPPORTED_OPERATION',
    `Task ${task.id} has ended; send a message without taskId to begin a new task in the same context.`,
  );
}
