/** Carries out one run of a task: claims it, lets the agent do it, and writes how it ended. */
import { endsTheRun, RunAbandoned, type Run, type RunOutcome } from '../runs/run.js';
import type { Clock } from '../platform/clock.js';
import { crashPoint } from '../platform/crash-points.js';
import { messageOf, readable, TerminalError, thrown } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';
import { patiently } from '../platform/patiently.js';
import { tracing } from '../platform/tracing.js';
import type { JournalEntry } from '../runs/journal-entry.js';
import { toFailureRow } from '../runs/failure-row.js';
import { JournalRun } from '../runs/journal-run.js';
import type { JournalRunParts } from '../runs/journal-run-parts.js';
import { Journal } from '../runs/journal.js';
import { Sayings } from '../runs/sayings.js';
import type { TakenUp } from '../runs/taken-up.js';
import { asItIs } from '../platform/shown.js';
import type { Message, Part } from '../sessions/message.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { Answer } from '../tasks/answers.js';
import type { ClaimedTask, Parking } from '../tasks/claimed-task.js';
import type { RunLog } from '../tasks/run-log.js';
import { endMark } from '../tasks/end-mark.js';
import type { TaskFailure } from '../tasks/task.js';
import { partsBytes } from '../tasks/task-event.js';
import { NOTHING_SAID, type KeptLog, type StoredSayings } from '../tasks/stored-sayings.js';
import { NotStoredError, RunWriter } from '../tasks/run-writer.js';
import type { AgentRegistry } from './agent-registry.js';
import { endingOf } from './answer.js';
import { authorOf } from './author.js';
import type { Children } from './children.js';
import { errorKinds } from './error-kinds.js';
import { failureOf, failureText, shortened } from './failure.js';
import { letGo } from './let-go.js';
import { Published } from './published.js';
import { RunActivity } from './run-activity.js';
import { RunEvents } from './run-events.js';
import { RunFence } from './run-fence.js';
import { RunHold } from './run-hold.js';
import { loggingOf } from './run-logging.js';
import { aborted, isOfTheTask, outcomeOf } from './run-outcome.js';
import { inRun } from './run-scope.js';
import { RunWaits } from './run-waits.js';
import { RunSpending } from './run-spending.js';
import type { RunsUnderWay, RunTasks } from './run-tasks.js';
import { RunTaskContext } from './run-task-context.js';
import type { RunnerOptions } from './runner-options.js';
import { StateMarks } from './state-marks.js';
import { TaskFailedError, TaskRejectedError } from './task-rejected.js';
import { tellTools } from './tools/told-tools.js';
import { tracedRun } from './traced-run.js';

/** A run on its journal, what the task has said before, and what is kept of its log. */
interface Journaled {
  readonly run: JournalRun;
  readonly sayings: Sayings;
  readonly kept: KeptLog;
}

/** What the end of a run needs to know of it. */
interface Ending {
  readonly task: ClaimedTask;
  readonly context: RunTaskContext;
  readonly journal: JournalRun;
  readonly events: RunEvents;
  readonly fence: RunFence;
  readonly spending: RunSpending;
  readonly activity: RunActivity;
  readonly runSignal: AbortSignal;
  /** Milliseconds since it began. */
  readonly took: () => number;
  /** Why it fails, once it does. */
  failure?: TaskFailure;
  /** What is recorded of it. */
  record?: ReturnType<typeof toFailureRow>;
}

export class AgentRunner {
  constructor(
    private readonly registry: Pick<AgentRegistry, 'get' | 'has'>,
    private readonly eventLog: RunLog,
    private readonly tasks: RunTasks,
    private readonly children: Children,
    private readonly sessions: SessionStore | undefined,
    private readonly watch: RunsUnderWay,
    private readonly options: RunnerOptions,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** The engine's handler: takes the task over from whoever ran it. Throws RunAbandoned when it is another run's now. */
  async takeOver(run: Run): Promise<RunOutcome> {
    const task = await this.#claim(run);
    crashPoint('task-claimed');
    if (task !== undefined) return this.run(task, run);
    await this.#giveBack(run.id);
    return 'ended';
  }

  /** Runs a task that is in this run's hands. */
  run(task: ClaimedTask, run: Run): Promise<RunOutcome> {
    return tracedRun(task, run, this.options.instanceId, () => this.#run(task, run));
  }

  async #run(task: ClaimedTask, run: Run): Promise<RunOutcome> {
    const { id: taskId, contextId, agent, token } = task;
    const { clock, log } = this;
    const begun = clock.now().getTime();
    const identity = { taskId, contextId, agent, token, artifactLimits: this.options.artifactLimits };
    const abort = (reason: Error): void => run.abort(reason);
    const writer = new RunWriter(this.eventLog, identity, clock, abort);
    let suspend: () => void = () => undefined;
    const activity = new RunActivity(clock);
    const suspended = new Promise<'suspended'>((resolve) => {
      suspend = () => {
        activity.end();
        resolve('suspended');
      };
    });
    const marks = new StateMarks(task.sessionId, this.sessions);
    const openStep = (): string | undefined => journal.run.currentStep();
    const { prices, budgets, keepsPrompts, hide } = this.options;
    const { signal } = run;
    const spending = new RunSpending({ task, prices, budgets, keepsPrompts, hide, signal, clock, openStep, log });
    const journal = await this.#journal(task, run, {
      spentIn: (step) => spending.take(step),
      record: async (row, alone) => {
        await writer.record(row, alone);
        marks.recorded(row);
      },
      ...(task.held === null ? {} : { fits: () => hold.fits() }),
      hold: (contradiction) => {
        hold.hold(contradiction).then(() => suspend(), abort);
      },
    });
    const events = new RunEvents(task, journal.run, journal.sayings, writer);
    const hold = new RunHold(task, events, writer, clock, log);
    const tools = tellTools(events, hide);
    const takeUp = (): TakenUp => journal.run.takeUp();
    const whenOver = (then: () => void): void => activity.whenOver(then);
    const saysBeside = (bytes: number): void => writer.saysBeside(bytes);
    const own = { id: taskId, agent, spending, tools, takeUp, saysBeside, whenOver };
    const fence = new RunFence(own, signal, () => activity.isOver, log);
    this.options.begins?.(activity);
    const park = async (parking: () => Parking | undefined): Promise<void> => {
      await events.committed();
      const waits = parking();
      if (waits === undefined) return;
      const parked = await patiently(() => this.eventLog.park(taskId, token, waits), clock, signal);
      if (!parked) return;
      suspend();
      await new Promise(() => undefined);
    };
    const waits = new RunWaits({ activity, clock, signal, park });
    const context = new RunTaskContext(task, journal.run, events, {
      sessions: this.sessions,
      marks,
      memories: this.options.memories,
      inbox: {
        read: (taken, most) => this.tasks.inbox(taskId, taken, most),
        news: () => this.tasks.waitFor(taskId),
      },
      clock,
      children: this.children,
      findFile: this.options.findFile,
      suspend: () => suspend(),
      waits,
      runSignal: signal,
      agentSignal: () => fence.signal,
      log,
      logging: loggingOf(task, { journal, events, writer, clock, log, hide }),
    });
    const took = (): number => clock.now().getTime() - begun;
    const ending: Ending = {
      task,
      context,
      journal: journal.run,
      events,
      fence,
      spending,
      activity,
      runSignal: signal,
      took,
    };
    this.watch.began(taskId, token, abort);
    const versions = task.ranWith === undefined ? {} : { version: task.agentVersion, ranWith: task.ranWith };
    log.info({ taskId, agent, run: task.runCount, ...versions }, 'a task begins');
    let isWhole = false;
    try {
      const outcome = await Promise.race([this.#execute(ending), suspended, aborted(signal)]);
      isWhole = true;
      if (outcome === 'suspended') log.info({ taskId, agent, durationMs: took() }, 'a task waits');
      return outcome;
    } catch (error) {
      const reason: unknown = signal.aborted ? signal.reason : error;
      if (reason instanceof NotStoredError) return await this.#endInstead(ending, writer, reason);
      // Whatever else broke the run off: the task may not stay in its hands, or nobody would go on with it.
      const gone = isOfTheTask(reason) || (reason instanceof RunAbandoned && !reason.holdsTask);
      if (!gone) await this.#letGo(task);
      return outcomeOf(reason);
    } finally {
      activity.end();
      spending.close(isWhole);
      this.watch.ended(taskId, token);
    }
  }

  /** The run's journal; a task that no run has had has none to be read. */
  async #journal(
    task: ClaimedTask,
    run: Run,
    hooks: Pick<JournalRunParts, 'record' | 'hold' | 'fits' | 'spentIn'>,
  ): Promise<Journaled> {
    const { clock } = this;
    const { journalOf, sayingsOf } = this.options;
    const read = (): Promise<readonly [readonly JournalEntry[], StoredSayings]> =>
      Promise.all([journalOf(task.id, task.origin), sayingsOf(task.id, task.origin)]);
    const [entries, said] = task.isNew ? [[], NOTHING_SAID] : await patiently(read, clock, run.signal);
    const answers = new Map(task.answers.map((answer) => [answer.question, answer]));
    const answerTo = (key: string): Answer | undefined => answers.get(key);
    const journal = new Journal(`${task.id}:${task.origin}`, entries, (key) => answers.has(key));
    const entitled = (): Promise<void> | undefined => run.entitled();
    const { quietMs, hide } = this.options;
    const quiet = quietMs === undefined ? {} : { quietMs };
    const { signal } = run;
    const parts = { taskId: task.id, journal, signal, clock, entitled, answerTo, hide, errorKinds, ...quiet, ...hooks };
    const own = new JournalRun(parts);
    return { run: own, sayings: new Sayings(said), kept: said.log };
  }

  #claim(run: Run): Promise<ClaimedTask | undefined> {
    const claim = { taskId: run.id, token: newId(), instanceId: this.options.instanceId() };
    return patiently(
      () => this.eventLog.claim({ ...claim, at: this.clock.now().toISOString() }),
      this.clock,
      run.signal,
    );
  }

  /** Between finding a task and claiming it others may have come with a version that it has to stay with. */
  async #giveBack(taskId: string): Promise<void> {
    await this.eventLog.giveBack(taskId).catch((error: unknown) => {
      this.log.debug({ err: error, taskId }, 'a task was not given back; it will be found all the same');
    });
  }

  async #letGo(task: ClaimedTask): Promise<void> {
    await letGo(task, { eventLog: this.eventLog, clock: this.clock }).catch((error: unknown) => {
      this.log.error({ err: error, taskId: task.id }, 'a task could not be let go of');
    });
  }

  async #execute(ending: Ending): Promise<RunOutcome> {
    const { task, context, journal, events, fence, activity, took, runSignal } = ending;
    const about = { taskId: task.id, agent: task.agent };
    try {
      const { agent, description } = this.#startable(task);
      // Beside the agent's work, and before its task can end.
      const noted = description.memory ? this.#noteTurn(task) : undefined;
      const given = fence.around(context, {
        activity,
        admit: () => events.admit(),
        attempt: () => journal.openStep()?.attempt,
      });
      const work = inRun(fence, () => journal.body(async () => agent.execute(given)));
      const answer = await this.#within(description.timeoutMs, activity, [work, fence.broken]);
      await journal.ended();
      await noted;
      const { artifact, session, word } = await endingOf(answer, () =>
        task.isNew ? context.published : this.#published(task, events, runSignal),
      );
      context.log.ends();
      const said = word.length > 0 ? { message: context.sayAtTheEnd(word), inHistory: true } : {};
      events.end(
        { kind: 'statusUpdate', state: 'COMPLETED', ...said, ...spentInAll(ending) },
        {
          ...(session.length === 0 ? {} : { sessionMessage: context.sayAtTheEnd(session) }),
          ...(artifact.length === 0 ? {} : { answer: context.answer(artifact) }),
        },
      );
    } catch (caught) {
      const error = thrown(caught);
      if (runSignal.aborted || endsTheRun(error)) throw error;
      if (isOfTheTask(error) && (await this.#isOverruled(task))) throw error;
      const { hide = asItIs } = this.options;
      context.log.ends();
      ending.failure = failureOf(error, hide);
      tracing()?.fail(error);
      this.log.warn({ err: readable(error), ...about, durationMs: took() }, 'a task failed');
      const state = error instanceof TaskRejectedError ? 'REJECTED' : 'FAILED';
      const message = context.sayAtTheEnd(
        [{ text: failureText(error, hide) }, ...this.#partsOf(error)],
        endMark(state),
      );
      const end = { kind: 'statusUpdate', state, message, inHistory: true, failure: ending.failure } as const;
      if (state === 'FAILED') ending.record = toFailureRow(task, error, this.clock.now(), hide);
      const { record } = ending;
      events.end({ ...end, ...spentInAll(ending) }, { sessionMessage: message, ...(record && { record }) });
    }
    await events.committed();
    if (ending.failure === undefined) this.log.info({ durationMs: took(), ...about }, 'a task completed');
    crashPoint('task-ended');
    return 'ended';
  }

  /** What a failure says beside its message, where that is no more than a message may be. */
  #partsOf(error: unknown): readonly Part[] {
    if (!(error instanceof TaskFailedError)) return [];
    const { parts } = error;
    return partsBytes(parts) <= this.options.artifactLimits.messageBytes ? parts : [];
  }

  /** What was said is gone through later, for what is worth remembering; where that can't be noted, the turn goes on without. */
  async #noteTurn({ sessionId, agent, tenant, owner, contextId, message, id }: ClaimedTask): Promise<void> {
    if (sessionId === null || this.sessions === undefined || authorOf(message) !== undefined) return;
    const turn = { session: sessionId, agent, tenant, owner, contextId, messageId: message.messageId };
    await this.options.memories.noteTurn(turn, this.options.memoryDelayMs).catch((error: unknown) => {
      this.log.warn({ err: messageOf(error), taskId: id }, 'a turn was not noted for memory; going on without');
    });
  }

  /** What the task's artifacts hold: what a step had published in an earlier run, this one has not said. */
  async #published({ tenant, owner, id }: ClaimedTask, events: RunEvents, signal: AbortSignal): Promise<Published> {
    await events.committed();
    const view = { historyLength: 0, artifacts: true };
    const read = (): ReturnType<RunTasks['get']> => this.tasks.get({ tenant, owner }, id, view);
    const { task } = await patiently(read, this.clock, signal);
    return Published.of(task.artifacts ?? []);
  }

  /**
   * What was said can't be stored, perhaps the end itself: the task ends by an event that needs neither its session nor
   * anything that was said before. Its failure is the one that it had already.
   */
  async #endInstead(
    { task, failure, record, took }: Ending,
    writer: RunWriter,
    reason: NotStoredError,
  ): Promise<RunOutcome> {
    const about = { taskId: task.id, agent: task.agent };
    if (failure === undefined) tracing()?.fail(reason);
    this.log.warn({ err: reason.cause, ...about, durationMs: took() }, 'a task ends, as what it said was not stored');
    const own = shortened(failure ?? failureOf(reason));
    const message: Message = {
      messageId: newId(),
      contextId: task.contextId,
      taskId: task.id,
      role: 'ROLE_AGENT',
      parts: [{ text: own.message }],
    };
    try {
      const key = `end:${newId()}`;
      const end = { kind: 'statusUpdate', key, state: 'FAILED', message, inHistory: true, failure: own } as const;
      await writer.endInstead(end, record ?? toFailureRow(task, reason, this.clock.now(), this.options.hide ?? asItIs));
    } catch (error) {
      if (isOfTheTask(error)) return outcomeOf(error);
      this.log.error({ err: error, ...about }, 'the end of a task was not stored');
      await this.#letGo(task);
      throw error;
    }
    return 'ended';
  }

  /** Whether the task is another run's by now, or needs none: errors about other tasks look alike. */
  async #isOverruled({ id, token }: ClaimedTask): Promise<boolean> {
    const overruled = await patiently(() => this.tasks.overruled([{ taskId: id, token }]), this.clock);
    return overruled.length > 0;
  }

  #startable(task: ClaimedTask): ReturnType<AgentRegistry['get']> {
    if (task.runCount > this.options.maxRuns) {
      throw new TerminalError(`The task was started ${task.runCount - 1} times without getting further; gave up.`);
    }
    // It was taken away between the claim and now: whoever has it goes on with the task.
    if (!this.registry.has(task.agent)) throw new RunAbandoned('the agent is here no more', true);
    return this.registry.get(task.agent, task.agentVersion);
  }

  /** What the agent works may take so long; a run that ends leaves no timer behind. */
  async #within<Result>(
    timeoutMs = this.options.taskTimeoutMs,
    activity: RunActivity,
    work: readonly Promise<Result>[],
  ): Promise<Result> {
    const timeout = new Promise<never>((_, reject) => {
      activity.limit(timeoutMs, () => reject(new TerminalError(`The agent did not finish within ${timeoutMs} ms.`)));
    });
    try {
      return await Promise.race([...work, timeout]);
    } finally {
      activity.end();
    }
  }
}

/** What the task's last event says of it; nothing of a task that other runs have had before, which don't add up here. */
function spentInAll({ task, spending }: Ending): { readonly metadata?: Readonly<Record<string, unknown>> } {
  const { metadata } = spending;
  return task.isNew && metadata !== undefined ? { metadata } : {};
}
