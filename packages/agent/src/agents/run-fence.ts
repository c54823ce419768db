/** Keeps what one run's agent leaves behind from harming anything but its own task. */
import { messageOf } from '../platform/errors.js';
import type { Log } from '../platform/log.js';
import { isOfAttempt } from '../runs/attempt.js';
import type { TakeUp } from '../runs/taken-up.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import { fenced, type Fence } from './agent-task-context.js';
import { inRun, type RunScope } from './run-scope.js';
import type { Spending } from './spending.js';
import type { TaskContext } from './task-context.js';
import type { TellTools } from './tools/tell-tools.js';

export class RunFence implements RunScope {
  readonly taskId: string;
  readonly agent: string;
  readonly spending: Spending | undefined;
  readonly tools: TellTools | undefined;
  readonly takeUp: TakeUp | undefined;
  readonly saysBeside: RunScope['saysBeside'];
  readonly whenOver: RunScope['whenOver'];
  /** Rejects when the agent has left something behind that broke. */
  readonly broken: Promise<never>;
  #break: (error: unknown) => void = () => undefined;
  #signal: AbortSignal | undefined;

  constructor(
    {
      id,
      agent,
      spending,
      tools,
      takeUp,
      saysBeside,
      whenOver,
    }: Pick<ClaimedTask, 'id' | 'agent'> & Pick<RunScope, 'spending' | 'tools' | 'takeUp' | 'saysBeside' | 'whenOver'>,
    /** The run's. */
    private readonly runSignal: AbortSignal,
    /** Whether the run is over: what breaks then changes nothing. */
    private readonly hasEnded: () => boolean,
    private readonly log: Log,
  ) {
    this.taskId = id;
    this.agent = agent;
    this.spending = spending;
    this.tools = tools;
    this.takeUp = takeUp;
    this.saysBeside = saysBeside;
    this.whenOver = whenOver;
    this.broken = new Promise((_, reject) => {
      this.#break = reject;
    });
    this.broken.catch(() => undefined);
  }

  /** The run's signal for the agent: what the agent's listeners throw is thrown in the name of the run. */
  get signal(): AbortSignal {
    this.#signal ??= this.#own();
    return this.#signal;
  }

  #own(): AbortSignal {
    const { runSignal } = this;
    const own = new AbortController();
    const abort = (): void => inRun(this, () => own.abort(runSignal.reason));
    if (runSignal.aborted) abort();
    else runSignal.addEventListener('abort', abort, { once: true });
    return own.signal;
  }

  /** The task for its agent. */
  around(task: TaskContext, parts: Pick<Fence, 'activity' | 'admit' | 'attempt'>): TaskContext {
    return fenced(task, { ...parts, run: this, leftBehind: (error) => this.#leftBehind(error) });
  }

  fail(error: unknown): boolean {
    if (isOfAttempt(error)) return true;
    if (this.#isOver()) {
      this.log.warn({ err: messageOf(error), ...this.#about() }, 'an agent left something behind that broke');
      return false;
    }
    this.#break(error);
    return true;
  }

  /** What the context refuses when the run is over, or an attempt, it refuses because it is. */
  #leftBehind(error: unknown): void {
    if (!this.#isOver() && !isOfAttempt(error)) this.#break(error);
  }

  #isOver(): boolean {
    return this.hasEnded() || this.runSignal.aborted;
  }

  #about(): { readonly taskId: string; readonly agent: string } {
    return { taskId: this.taskId, agent: this.agent };
  }
}
