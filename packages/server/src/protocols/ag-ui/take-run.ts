/** From a run that a client asks for to the turn of a task: a message that is said, or an interrupt that is answered. */
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import { isTerminal } from '@continuo/agent/internal/tasks/task-state.js';
import type { Caller } from '../../platform/caller.js';
import { sessionKey } from '../../sessions/append-messages.js';
import { bare } from '../../tasks/read-tasks.js';
import { otherGeneration } from '../../tasks/generation.js';
import { answering } from '../client-tools.js';
import { offering } from '../offered-tools.js';
import type { ProtocolParts } from '../protocol.js';
import { takeOverUnknown } from '../take-over.js';
import { Turns, type Turn, type TurnTaken } from '../turns.js';
import { questionOf } from './interrupt-id.js';
import type { InterruptAnswer, RunInput } from './run-input.js';

/** In the metadata of messages: `{ runId, state?, context?, forwardedProps? }`. */
export const AG_UI_EXTENSION = 'urn:continuo:a2a:ag-ui:v1';

const INTERRUPT = 'resume[0].interruptId';

export interface RunRequest {
  readonly caller: Caller;
  /** `type/name`. */
  readonly agent: string;
  readonly input: RunInput;
  readonly requestUrl: () => string;
  readonly idempotencyKey: string | undefined;
}

/** What is said in the run, and under which id. */
type Saying = Pick<Turn, 'parts' | 'taskId' | 'options'> & { readonly messageId: string };

export interface RunTaken extends TurnTaken {
  /** False when it was said before: the run comes again. */
  readonly isNew: boolean;
}

export class TakeRun {
  readonly #turns: Turns;

  constructor(private readonly parts: ProtocolParts) {
    this.#turns = new Turns(parts);
  }

  /** What was said or answered before is the same turn again. Throws INVALID_ARGUMENT and what `Turns.take` throws. */
  async take(request: RunRequest): Promise<RunTaken> {
    const { input } = request;
    const { answer, said, results } = input;
    if (answer === undefined) return results.length > 0 ? this.#giveBack(request) : this.#say(request, said);
    if (!answer.isCancelled) return this.#answer(request, answer);
    const ended = await this.#giveUp(request, answer);
    const isNew = said !== undefined && (await this.#earlier(request, said.messageId)) === undefined;
    return isNew ? this.#say(request, said) : ended;
  }

  async #say(request: RunRequest, said: Saying | undefined): Promise<RunTaken> {
    if (said === undefined) throw invalidArgument('messages', 'a message of the user');
    const { caller, agent, input, requestUrl, idempotencyKey } = request;
    const { threadId: contextId, history, runId, given } = input;
    await takeOverUnknown(this.parts.sessions, caller, { agent, contextId, history });
    const earlier = await this.#earlier(request, said.messageId);
    const messageMetadata = earlier === undefined ? { [AG_UI_EXTENSION]: { runId, ...given } } : earlier.metadata;
    const turn = await this.#turns.take(caller, {
      ...said,
      agent,
      contextId,
      messageMetadata,
      options: { ...offering(this.parts.registry, agent, input.tools), ...said.options, requestUrl, idempotencyKey },
    });
    return { ...turn, isNew: earlier === undefined };
  }

  async #giveBack(request: RunRequest): Promise<RunTaken> {
    const { caller, agent, input } = request;
    const { results, threadId } = input;
    const { contextId, ...turn } = await answering(this.parts.tasks, caller, { agent, results, field: 'messages' });
    if (contextId !== threadId) throw invalidArgument('threadId', 'the thread in which the calls were asked for');
    return this.#say(request, turn);
  }

  async #answer(request: RunRequest, { interruptId, parts: payload }: InterruptAnswer): Promise<RunTaken> {
    const { taskId, seq } = await this.#asked(request, interruptId);
    const parts = payload ?? request.input.said?.parts;
    if (parts === undefined) throw invalidArgument('resume[0].payload', 'the answer');
    const messageId = derivedId(`answer to ${interruptId}`);
    return this.#say(request, { messageId, parts, taskId, options: { atSeq: seq } });
  }

  /** Nobody will answer: the task ends. */
  async #giveUp(request: RunRequest, { interruptId }: InterruptAnswer): Promise<RunTaken> {
    const { caller } = request;
    const { taskId, seq, at } = await this.#asked(request, interruptId);
    if (!isTerminal(at.state)) {
      if (at.lastSeq !== seq) throw otherGeneration(taskId, seq, at.lastSeq);
      await this.parts.calls.cancel(caller, taskId, { by: caller.owner });
    }
    return { taskId, seq, created: false, isNew: false };
  }

  async #asked({ caller, agent, input }: RunRequest, interruptId: string) {
    const question = questionOf(interruptId, INTERRUPT);
    const at = await this.parts.tasks.get(caller, question.taskId, bare);
    if (at.agent !== agent || at.task.contextId !== input.threadId) {
      throw invalidArgument(INTERRUPT, 'an interrupt of this agent in this thread');
    }
    return { ...question, at };
  }

  async #earlier({ caller, input }: RunRequest, messageId: string) {
    const found = await this.parts.sessions?.message(sessionKey(caller, input.threadId), messageId);
    return found?.message;
  }
}
