/** The children of one run: found again by name, their progress and their questions made the task's own. */
import type { Clock } from '../platform/clock.js';
import { crashPoint } from '../platform/crash-points.js';
import { ContinuoError, TerminalError } from '../platform/errors.js';
import { derivedId } from '../platform/ids.js';
import type { JournalRun } from '../runs/journal-run.js';
import { hashOf } from '../runs/sayings.js';
import { storable } from '../platform/storable.js';
import type { Message } from '../sessions/message.js';
import { isRelayed, type RelayedAnswer } from '../tasks/answers.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import { INPUT_EXTENSION } from '../tasks/task.js';
import { checkCall, checkCalls } from './call-input.js';
import { refusedResult } from './child-result.js';
import type { ChildListener, ChildQuestion, Children, EndedChild } from './children.js';
import { toParts } from './content.js';
import { ChildrenWatch } from './children-watch.js';
import type { RunEvents } from './run-events.js';
import type { RunProgress, Span } from './run-progress.js';
import type { Waits } from './run-waits.js';
import type { CallOptions, CallResult, ChildCall } from './task-context.js';

interface Parts {
  readonly task: ClaimedTask;
  readonly run: JournalRun;
  readonly signal: AbortSignal;
  readonly events: RunEvents;
  readonly progress: RunProgress;
  readonly calls: Children;
  /** Ends the run: the task waits for a person. */
  readonly suspend: () => void;
  readonly waits: Waits;
  readonly clock: Clock;
}

/** What became of a call of an agent that isn't there, and whose failure is ignored. */
interface Refused {
  /** Why. */
  readonly refused: string;
}

export class RunChildren {
  constructor(private readonly parts: Parts) {}

  async call(call: ChildCall, { share }: Pick<CallOptions, 'share'>): Promise<CallResult> {
    const [result] = await this.#callAll([call], this.parts.progress.setAside(checked('share', share), 0.5));
    if (result === undefined) throw new Error('A call has one result.');
    return result;
  }

  async callAll(calls: readonly ChildCall[], { share }: Pick<CallOptions, 'share'>): Promise<readonly CallResult[]> {
    checkCalls(calls);
    return this.#callAll(calls, this.parts.progress.setAside(checked('share', share), 1));
  }

  async #callAll(calls: readonly ChildCall[], span: Span): Promise<readonly CallResult[]> {
    const weights = calls.map(({ weight }, index) => checked(`calls[${index}].weight`, weight, Infinity) ?? 1);
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const done = calls.map(() => 0);
    const givenUp = new AbortController();
    const watch = new ChildrenWatch(calls.length, this.parts.clock);
    const ended = calls.map((call, index) =>
      this.#one(call, givenUp.signal, {
        progressed: (fraction, stage) => {
          done[index] = Math.max(done[index] ?? 0, fraction);
          const sum = done.reduce((total, part, at) => total + part * (weights[at] ?? 0), 0);
          this.#advance(span, whole === 0 ? 0 : sum / whole, stage === '' ? call.agent : `${call.agent}: ${stage}`);
        },
        asked: (question) => this.#ask(question, call.sameSession !== false),
        watched: (taskId) => watch.watched(index, taskId),
        heard: () => watch.heard(index),
      }).finally(() => watch.ended(index)),
    );
    const { calls: children, task, signal, waits } = this.parts;
    try {
      const all = await waits.during(watch, () => Promise.all(ended));
      const begun = all.flatMap((one) => ('refused' in one ? [] : [one]));
      const results = [...(await children.results(task, signal, begun))];
      return all.flatMap((one) => ('refused' in one ? [refusedResult(one.refused)] : results.splice(0, 1)));
    } catch (error) {
      if (!isTheCalls(error)) throw error;
      givenUp.abort(error);
      await Promise.allSettled(ended);
      throw error;
    }
  }

  /** The child is opened under the key of its call, which is recorded before it: the same call finds it again. */
  async #one(call: ChildCall, givenUp: AbortSignal, listener: ChildListener): Promise<EndedChild | Refused> {
    const { task, run, signal, calls } = this.parts;
    checkCall(call);
    // As it can be stored: models leave half of a character at the end of what they were cut off at.
    const input = storable(toParts(call.input, 'call'));
    const asked = { ...call, input, ...(call.metadata == null ? {} : { metadata: storable(call.metadata) }) };
    // An attempt of a step that has failed leaves its children to the next.
    const until = run.openStep()?.attempt.untilItFails(signal) ?? signal;
    const wanted = { kind: 'call', name: call.agent, fingerprint: hashOf(input), input } as const;
    const ended = await run
      .wait(wanted, nothing, (_, key) => calls.ended(task, { run: until, givenUp }, key, asked, listener), isTheCalls)
      .catch((error: unknown): Refused => {
        if (call.onFailure === 'ignore' && isNobody(error)) return { refused: error.message };
        throw error;
      });
    listener.progressed(1, '');
    return 'refused' in ended ? ended : calls.check(task, signal, { call, ...ended });
  }

  #advance(span: Span, fraction: number, stage: string): void {
    const reached = this.parts.progress.advance(span, fraction);
    if (reached === undefined) return;
    this.parts.events.emitBeside({ kind: 'statusUpdate', state: 'WORKING', progress: { fraction: reached, stage } });
  }

  /** What the user has answered; without an answer the run ends here, and begins again when there is one. */
  async #ask({ childId, state, message }: ChildQuestion, inSession: boolean): Promise<RelayedAnswer> {
    const { task, run, events, suspend } = this.parts;
    const answer = task.answers.filter(isRelayed).find(({ askedBy }) => askedBy.question === message.messageId);
    if (answer !== undefined) return answer;
    await run.settled();
    const question = this.#toOwn(childId, message);
    const event = { kind: 'statusUpdate', state, message: question, inHistory: true, waitsFor: childId } as const;
    if (events.ask(event, { known: false, message: inSession ? undefined : question })) {
      await events.committed();
      crashPoint('input-asked');
      suspend();
    }
    return new Promise(() => undefined);
  }

  /** The child's question as this task's, which says whose it is. */
  #toOwn(childId: string, { messageId, parts, metadata }: Message): Message {
    const request = metadata?.[INPUT_EXTENSION];
    const askedBy = { taskId: childId, question: messageId };
    return {
      messageId: derivedId(`${this.parts.task.id}:asks:${messageId}`),
      contextId: this.parts.task.contextId,
      taskId: this.parts.task.id,
      role: 'ROLE_AGENT',
      parts,
      metadata: { ...metadata, [INPUT_EXTENSION]: { ...(typeof request === 'object' ? request : {}), askedBy } },
    };
  }
}

/** Whether the call itself can't be done; the children are needed no more. Everything else is the run's: another goes on. */
function isTheCalls(error: unknown): boolean {
  if (error instanceof ContinuoError) return error.code === 'AGENT_NOT_FOUND' || error.code === 'INVALID_ARGUMENT';
  return error instanceof TerminalError;
}

/** Whether there is no such agent: that fails a call as a child does, while what is wrong with the call is its caller's. */
function isNobody(error: unknown): error is ContinuoError {
  return error instanceof ContinuoError && error.code === 'AGENT_NOT_FOUND';
}

const nothing = (): undefined => undefined;

function checked(name: string, value: number | undefined, most = 1): number | undefined {
  if (value === undefined || (value >= 0 && value <= most && value < Infinity)) return value;
  throw new TerminalError(`${name}: expected a number from 0${most === 1 ? ' to 1' : ''}, got ${value}`);
}
