/** The agents that a tested one calls, as its test says them. */
import { childResult, endedChild, failedChild } from '../agents/child-result.js';
import type { ChildListener, Children, ChildSignals, EndedChild } from '../agents/children.js';
import { contentOf, toParts } from '../agents/content.js';
import type { CallResult, ChildCall, Content } from '../agents/task-context.js';
import { failureText } from '../agents/failure.js';
import { TaskRejectedError } from '../agents/task-rejected.js';
import { TerminalError } from '../platform/errors.js';
import { derivedId } from '../platform/ids.js';
import type { Part } from '../sessions/message.js';
import { ANSWER, answerArtifactId } from '../tasks/answer-artifact.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import type { Artifact, Task } from '../tasks/task.js';
import type { TaskState } from '../tasks/task-state.js';
import { madeCall, type MadeCall } from './outcome.js';
import { partsOf, type Said } from './said.js';

/** What a child has made beside its answer, or instead of one. */
export interface ChildMade {
  readonly text?: string;
  readonly artifacts: readonly Artifact[];
}

/** What a scripted child answers: words or data, artifacts, or the error that ends it. */
export type ChildAnswer = Said | ChildMade | Error;

/**
 * What the child answers; an Error fails it, TaskRejectedError rejects it. A function is given what it is asked. It is called once
 * for each call, however often the task goes on after a crash.
 */
export type ScriptedChild = ChildAnswer | ((input: Content) => ChildAnswer | Promise<ChildAnswer>);

/** By the agents' names, `type/name`. */
export type Calls = Readonly<Record<string, ScriptedChild>>;

interface ChildTask {
  readonly call: ChildCall;
  readonly task: Task;
  readonly state: TaskState;
}

export class ScriptedChildren implements Children {
  /** By their ids, attempt by attempt, from the moment in which each begins: the runs of one task share them. */
  readonly #attempts = new Map<string, Promise<ChildTask>[]>();
  /** The last attempt of each that has ended. */
  readonly #tasks = new Map<string, ChildTask>();

  constructor(private readonly calls: Calls) {}

  /** In the order in which they began. */
  get made(): readonly MadeCall[] {
    return [...this.#attempts.keys()].flatMap((taskId) => {
      const child = this.#tasks.get(taskId);
      if (child === undefined) return [];
      const { call, task, state } = child;
      return [madeCall(call.agent, toParts(call.input), state, task)];
    });
  }

  async ended(
    _: ClaimedTask,
    __: ChildSignals,
    key: string,
    call: ChildCall,
    listener: ChildListener,
  ): Promise<Omit<EndedChild, 'call'>> {
    const taskId = derivedId(`child ${key}`);
    for (let attempt = 1; ; attempt += 1) {
      const { task, state } = await this.#attempt(taskId, call, attempt);
      const mayRetry = typeof call.onFailure === 'object' && attempt <= call.onFailure.retries;
      if (state !== 'FAILED' || !mayRetry) {
        listener.progressed(1, '');
        return endedChild(taskId, state, task.status.message);
      }
    }
  }

  /** A process that dies does not end the child: the next run waits for the same one. */
  async #attempt(taskId: string, call: ChildCall, attempt: number): Promise<ChildTask> {
    const attempts = this.#attempts.get(taskId) ?? [];
    this.#attempts.set(taskId, attempts);
    const child = (attempts[attempt - 1] ??= this.#carryOut(taskId, call));
    const ended = await child;
    if (attempt === attempts.length) this.#tasks.set(taskId, ended);
    return ended;
  }

  async check(_: ClaimedTask, __: AbortSignal, ended: EndedChild): Promise<EndedChild> {
    if (ended.state === 'COMPLETED' || ended.call.onFailure === 'ignore') return ended;
    throw failedChild(ended, this.#tasks.get(ended.taskId)?.task);
  }

  async results(_: ClaimedTask, __: AbortSignal, children: readonly EndedChild[]): Promise<readonly CallResult[]> {
    return children.map((child) => childResult(child, this.#tasks.get(child.taskId)?.task));
  }

  async #carryOut(taskId: string, call: ChildCall): Promise<ChildTask> {
    const child = this.calls[call.agent];
    if (child === undefined || !Object.hasOwn(this.calls, call.agent)) {
      const known = Object.keys(this.calls).join(', ') || 'none';
      throw new TerminalError(`The test says nothing of the agent ${call.agent}; calls has: ${known}.`);
    }
    try {
      const answer = typeof child === 'function' ? await child(contentOf(toParts(call.input))) : child;
      if (answer instanceof Error) throw answer;
      return { call, task: completed(taskId, answer), state: 'COMPLETED' };
    } catch (error) {
      const state = error instanceof TaskRejectedError ? 'REJECTED' : 'FAILED';
      const message = {
        messageId: derivedId(`${taskId}:end`),
        role: 'ROLE_AGENT',
        parts: [{ text: failureText(error) }],
      } as const;
      return {
        call,
        task: { ...emptyTask(taskId, state), status: { state: `TASK_STATE_${state}`, message, timestamp: '' } },
        state,
      };
    }
  }
}

function emptyTask(id: string, state: 'COMPLETED' | 'FAILED' | 'REJECTED'): Task {
  return { id, contextId: '', status: { state: `TASK_STATE_${state}`, timestamp: '' } };
}

function completed(taskId: string, answer: Exclude<ChildAnswer, Error>): Task {
  const task = emptyTask(taskId, 'COMPLETED');
  if (isMade(answer)) {
    const { text, artifacts } = answer;
    return { ...task, artifacts: [...artifacts, ...(text === undefined ? [] : [returned(taskId, [{ text }])])] };
  }
  return { ...task, artifacts: [returned(taskId, partsOf(answer))] };
}

/** As what an agent returns is kept. */
function returned(taskId: string, parts: readonly Part[]): Artifact {
  return { artifactId: answerArtifactId(taskId), name: ANSWER, parts };
}

function isMade(answer: Exclude<ChildAnswer, Error>): answer is ChildMade {
  return typeof answer === 'object' && 'artifacts' in answer && Array.isArray(answer.artifacts);
}
