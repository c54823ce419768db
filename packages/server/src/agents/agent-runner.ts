/** Carries out one run of a task: claims it, lets the agent do it, and writes how it ended. */
import { endsTheRun } from '../engine/dbos-run.js';
import { RunAbandoned, type Run, type RunOutcome } from '../engine/run.js';
import type { Clock } from '../platform/clock.js';
import { crashPoint } from '../platform/crash-points.js';
import { isTransient } from '../platform/database.js';
import { ContinuoError, messageOf, TerminalError } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import type { ArtifactLimits } from '../tasks/artifact-allowance.js';
import type { ClaimedTask } from '../tasks/claim-tasks.js';
import type { EventLog } from '../tasks/event-log.js';
import type { TasksService } from '../tasks/tasks-service.js';
import { RunWriter } from '../tasks/run-writer.js';
import type { AgentRegistry } from './agent-registry.js';
import { answerOf, SaidBefore } from './answer.js';
import type { ChildCalls } from './child-calls.js';
import { failureOf } from './failure.js';
import { letGo } from './let-go.js';
import { RunEvents } from './run-events.js';
import type { RunWatch } from './run-watch.js';
import { RunTaskContext } from './run-task-context.js';
import { TaskRejectedError } from './task-rejected.js';

const RETRY_MS = 500;

export interface RunnerOptions {
  readonly maxRuns: number;
  readonly taskTimeoutMs: number;
  readonly artifactLimits: ArtifactLimits;
  readonly instanceId: () => string;
  /** Aborts the run's signal. */
  readonly abort: (taskId: string, reason: Error) => void;
}

export class AgentRunner {
  constructor(
    private readonly registry: AgentRegistry,
    private readonly eventLog: EventLog,
    private readonly tasks: TasksService,
    private readonly children: ChildCalls,
    private readonly sessions: SessionsService | undefined,
    private readonly watch: RunWatch,
    private readonly options: RunnerOptions,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** The engine's handler: takes the task over from whoever ran it. Throws RunAbandoned when it is another run's now. */
  async takeOver(run: Run): Promise<RunOutcome> {
    const task = await this.#claim(run);
    crashPoint('task-claimed');
    return task === undefined ? 'ended' : this.run(task, run);
  }

  /** Runs a task that is in this run's hands. */
  async run(task: ClaimedTask, run: Run): Promise<RunOutcome> {
    const { id: taskId, contextId, agent, token } = task;
    const identity = { taskId, contextId, agent, token, artifactLimits: this.options.artifactLimits };
    const writer = new RunWriter(this.eventLog, identity, this.clock, (error) => this.options.abort(taskId, error));
    const events = new RunEvents(task, run, writer);
    let suspend: () => void = () => undefined;
    const over = new AbortController();
    const suspended = new Promise<'suspended'>((resolve) => {
      suspend = () => {
        over.abort();
        resolve('suspended');
      };
    });
    const context = new RunTaskContext(task, run, events, {
      sessions: this.sessions,
      inbox: (taken) => this.tasks.inbox(taskId, taken),
      clock: this.clock,
      children: this.children,
      suspend: () => suspend(),
      log: this.log,
    });
    this.watch.began(taskId, token);
    try {
      return await Promise.race([this.#execute(task, context, events, over), suspended, aborted(run.signal)]);
    } catch (error) {
      const reason: unknown = run.signal.aborted ? run.signal.reason : error;
      // Whatever else broke the run off: the task may not stay in its hands, or nobody would go on with it.
      const gone = isNotTheAgents(reason) || (reason instanceof RunAbandoned && !reason.holdsTask);
      if (!gone) await letGo(task, { eventLog: this.eventLog, clock: this.clock });
      return outcomeOf(reason);
    } finally {
      this.watch.ended(taskId, token);
    }
  }

  async #claim(run: Run): Promise<ClaimedTask | undefined> {
    const token = newId();
    for (;;) {
      try {
        const at = this.clock.now().toISOString();
        return await this.eventLog.claim({ taskId: run.id, token, instanceId: this.options.instanceId(), at });
      } catch (error) {
        if (!isTransient(error)) throw error;
        await this.clock.sleep(RETRY_MS, run.signal);
      }
    }
  }

  async #execute(
    task: ClaimedTask,
    context: RunTaskContext,
    events: RunEvents,
    over: AbortController,
  ): Promise<RunOutcome> {
    try {
      const { agent, description } = this.#startable(task);
      const answer = await this.#within(description.timeoutMs, over, agent.execute(context));
      const message = context.say(answerOf(answer, context.published));
      const said = answer instanceof SaidBefore ? undefined : message;
      events.end({ kind: 'statusUpdate', state: 'COMPLETED', message, inHistory: true }, said);
    } catch (error) {
      if (context.signal.aborted || endsTheRun(error) || isNotTheAgents(error)) throw error;
      this.log.info({ err: error, taskId: task.id, agent: task.agent }, 'a task failed');
      const message = context.say([{ text: messageOf(error) }]);
      const failure = { ...failureOf(error), bodyEvents: context.bodyEventsBefore };
      const state = error instanceof TaskRejectedError ? 'REJECTED' : 'FAILED';
      events.end({ kind: 'statusUpdate', state, message, inHistory: true, failure }, message);
    }
    await events.committed();
    crashPoint('task-ended');
    return 'ended';
  }

  #startable(task: ClaimedTask): ReturnType<AgentRegistry['get']> {
    if (task.runCount > this.options.maxRuns) {
      throw new TerminalError(`The task was started ${task.runCount - 1} times without getting further; gave up.`);
    }
    return this.registry.get(task.agent);
  }

  /** A run that ends to wait for a person leaves no timer behind: once `over`, the timeout never comes. */
  async #within<Result>(
    timeoutMs = this.options.taskTimeoutMs,
    over: AbortController,
    work: Promise<Result>,
  ): Promise<Result> {
    const timeout = new Promise<never>((_, reject) => {
      const late = (): void => reject(new TerminalError(`The agent did not finish within ${timeoutMs} ms.`));
      this.clock.sleep(timeoutMs, over.signal).then(late, () => undefined);
    });
    try {
      return await Promise.race([work, timeout]);
    } finally {
      over.abort();
    }
  }
}

/** Throws RunAbandoned when another run goes on. */
function outcomeOf(reason: unknown): RunOutcome {
  if (reason instanceof ContinuoError && (reason.code === 'TASK_ENDED' || reason.code === 'TASK_NOT_FOUND')) {
    return 'ended';
  }
  if (reason instanceof ContinuoError && reason.code === 'RUN_LOST') throw new RunAbandoned(reason.message);
  throw reason;
}

/** Errors about the task itself, not about what the agent did. */
function isNotTheAgents(error: unknown): boolean {
  return error instanceof ContinuoError && ['RUN_LOST', 'TASK_ENDED', 'TASK_NOT_FOUND'].includes(error.code);
}

/** Rejects with the signal's reason: an agent that doesn't listen is left behind. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
