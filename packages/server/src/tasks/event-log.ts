/** The event log: `append` is the one way in which a task changes after it was opened. */
import { crashPoint } from '@continuo/agent/internal/platform/crash-points.js';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Claim, ClaimedTask, Parking } from '@continuo/agent/internal/tasks/claimed-task.js';
import type { ConversationMode } from '@continuo/agent/internal/tasks/conversation-modes.js';
import type { RunLog } from '@continuo/agent/internal/tasks/run-log.js';
import {
  toEventRow,
  toStreamResponse,
  type EventRow,
  type LogEvent,
  type NewStatus,
} from '@continuo/agent/internal/tasks/task-event.js';
import { isTerminal, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import { Batcher } from '../platform/batcher.js';
import { orUnavailable, type Database } from '../platform/database.js';
import { failAlone } from '../platform/fail-alone.js';
import { refuseRepeated, toMessageRow } from '../sessions/append-messages.js';
import {
  appendEvents,
  type Append,
  type AppendBatch,
  type Appended,
  type AppendRow,
  type ArtifactRow,
} from './append-events.js';
import type { LogMetrics } from './log-metrics.js';
import {
  appendStatements,
  givenBytes,
  MOST_GIVEN_BYTES,
  type AppendStatements,
  type Companion,
} from './append-statement.js';
import { appendEntries, entriesStatement, type Entries } from './append-entries.js';
import { cancellation } from './cancellation.js';
import { claimTasks, type Claimed, giveBackTask, parkTask, releaseTask } from './claim-tasks.js';
import { NO_LIMITS, openTasks, type NewTask, type Opened } from './open-tasks.js';
import type { ObjectStorage } from './content-object.js';
import { findSaid } from './find-said.js';
import { alreadyAnswered, notRetried } from './attempts.js';
import type { WaitingTask } from './find-released.js';
import { otherGeneration } from './generation.js';
import { storedApart } from './objects-of-events.js';
import { toldTwice } from './read-inbox.js';
import type { Subscriptions } from './subscriptions.js';
import { toAuditRows, type Actor, type Auditing } from './task-audit.js';
import { takeTurn, type Turn } from './take-turn.js';
import { tellTraces } from './traced-appends.js';
import { tooManyTasks } from './too-many-tasks.js';

export class EventLog implements RunLog {
  readonly #opens: Batcher<NewTask, Opened>;
  readonly #claims: Batcher<Claim, Claimed | undefined>;
  readonly #appends: Batcher<Append, undefined>;
  readonly #records: Batcher<Entries, undefined>;
  readonly #appending: AppendStatements;
  readonly #entriesStatement: string;
  #onUnblocked: (taskIds: readonly string[]) => void = () => undefined;
  #onReleased: (task: WaitingTask) => void = () => undefined;
  #onDeserted: (taskId: string) => void = () => undefined;
  #onDoubt: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly subscriptions: Subscriptions,
    companion: Companion & { readonly auditing: Auditing },
    /** Where large content goes, if not into the log. */
    readonly objects: ObjectStorage,
    readonly limits = NO_LIMITS,
    readonly metrics?: LogMetrics,
  ) {
    this.#appending = appendStatements(companion, companion.auditing);
    this.#entriesStatement = entriesStatement(companion);
    const onBatch = (batch: string) => (metrics === undefined ? {} : { onBatch: metrics.batch(batch) });
    const ofTask = (batch: string) => ({
      keyOf: (item: { readonly taskId: string }) => item.taskId,
      ...onBatch(batch),
    });
    this.#opens = new Batcher<NewTask, Opened>({ run: (all) => openTasks(database, all, limits), ...onBatch('open') });
    this.#claims = new Batcher<Claim, Claimed | undefined>({
      run: (claims) => claimTasks(database, claims),
      ...ofTask('claim'),
    });
    this.#appends = new Batcher<Append, undefined>({ run: (some) => this.#flush(some), ...ofTask('append') });
    this.#records = new Batcher<Entries, undefined>({ run: (some) => this.#record(some), ...ofTask('record') });
  }

  /**
   * Resolves when the task is committed, or was there before. Throws INVALID_ARGUMENT for a message id of another message,
   * TerminalError for a child beyond the limits of its tree, and QUOTA_EXCEEDED for a task too many of its owner.
   */
  async open(task: NewTask): Promise<Opened> {
    const opened = await this.#opens.submit(task).catch(refuseRepeated);
    this.metrics?.opened(task, opened);
    this.subscriptions.tellFeeds();
    return opened;
  }

  /** Calls `listener` with tasks that may run now that the one before them has ended. */
  onUnblocked(listener: (taskIds: readonly string[]) => void): void {
    this.#onUnblocked = listener;
  }

  /** Calls `listener` with a task that asks what its child asked, when the child has got its answer. */
  onReleased(listener: (task: WaitingTask) => void): void {
    this.#onReleased = listener;
  }

  /** Calls `listener` with a task that has failed while something that it called has not ended. */
  onDeserted(listener: (taskId: string) => void): void {
    this.#onDeserted = listener;
  }

  /**
   * Calls `listener` when something may be left to be done of which nobody is told: children of a task that has failed may
   * have been opened at the same moment, a question may be answered that another task is about to ask.
   */
  onDoubt(listener: () => void): void {
    this.#onDoubt = listener;
  }

  /** Opens a task of a conversation whose tasks take turns, and cancels, for `by`, those that it interrupts; see takeTurn. */
  async openInTurn(task: NewTask, mode: Exclude<ConversationMode, 'parallel'>, by: Actor): Promise<Turn> {
    const [turn] = await failAlone<NewTask, Turn>(async () => [await this.#takeTurn(task, mode, by)])([task]);
    if (turn === undefined || turn instanceof Error) return refuseRepeated(turn);
    this.metrics?.opened(task, turn.opened);
    return turn;
  }

  async #takeTurn(task: NewTask, mode: Exclude<ConversationMode, 'parallel'>, by: Actor): Promise<Turn> {
    const { contextId, agent, at, id } = task;
    let ended: readonly [readonly Append[], AppendBatch, ReadonlyMap<string, Appended>] | undefined;
    const turn = await takeTurn(this.database, task, { mode, limits: this.limits }, async (client, taskIds) => {
      const canceling = { key: `cancel:${id}`, at, by, details: { interruptedBy: id } };
      const appends = taskIds.map((other) => cancellation({ id: other, contextId, agent }, canceling));
      const batch = toBatch(appends);
      const appended = await appendEvents(client, batch, this.#appending);
      ended = [appends, batch, appended];
      return [...appended.keys()];
    });
    if (ended !== undefined) this.#committed(...ended);
    this.subscriptions.tellFeeds();
    return turn;
  }

  /** For events with large content that goes into the storage of files: see storedApart. */
  storedApart(...[events, run]: Parameters<RunLog['storedApart']>): ReturnType<RunLog['storedApart']> {
    return storedApart(this.objects, events, run);
  }

  /** What a person has said to the task under this messageId. */
  async said(taskId: string, messageId: string): Promise<Message | undefined> {
    const said = await orUnavailable(() => findSaid(this.database, taskId, messageId));
    return said?.message;
  }

  /** Takes the task over for a run; undefined when there is nothing to run. */
  async claim(claim: Claim): Promise<ClaimedTask | undefined> {
    const claimed = await this.#claims.submit(claim);
    if (claimed === undefined) return undefined;
    this.metrics?.claimed(claimed);
    // Its readers have not been told that it works now.
    if (claimed.cause === 'first') this.subscriptions.changed(claimed.task.id);
    return claimed.task;
  }

  /** After a claim that was refused: whoever can run the task takes it without waiting for this instance. */
  giveBack(taskId: string): Promise<void> {
    return giveBackTask(this.database, taskId);
  }

  /** Gives the task out of the hands of the run that holds `token`; nothing happens when it holds it no more. */
  release(taskId: string, token: string): Promise<void> {
    return releaseTask(this.database, taskId, token);
  }

  /**
   * Has the task wait in nobody's hands; false when what it waits for is there already. Throws RUN_LOST when the run with
   * `token` doesn't own it any more.
   */
  async park(taskId: string, token: string, parking: Parking): Promise<boolean> {
    const parked = await parkTask(this.database, taskId, token, parking);
    if (parked === 'lost') throw new ContinuoError('RUN_LOST', `Another run owns task ${taskId} now.`);
    return parked === 'parked';
  }

  /**
   * Resolves when the events are committed. Throws RUN_LOST when another run owns the task, TASK_ENDED when it has
   * ended, UNSUPPORTED_OPERATION when it is in none of the guard's states, TASK_GENERATION_MISMATCH when its last event is
   * another one, TASK_NOT_FOUND when it is gone, and INVALID_ARGUMENT for a message to it that, with those before, is too much.
   */
  append(append: Append): Promise<void> {
    return this.#appends.submit(append).catch((error: unknown) => refuseRepeated(toldTwice(error)));
  }

  /**
   * Resolves when what a run has finished is committed: for runs that say nothing with it. Throws RUN_LOST, TASK_ENDED or
   * TASK_NOT_FOUND as `append` does.
   */
  record(entries: Entries): Promise<void> {
    return this.#records.submit(entries);
  }

  async #record(entries: readonly Entries[]): Promise<readonly (undefined | Error)[]> {
    const stored = await appendEntries(this.database, entries, this.#entriesStatement);
    this.metrics?.recorded(entries, stored);
    const refused = entries.filter(({ taskId }) => !stored.has(taskId));
    const reasons = refused.length === 0 ? new Map<string, Error>() : await this.#reasons(refused.map(asAppend));
    return entries.map(({ taskId }) => reasons.get(taskId));
  }

  async #flush(appends: readonly Append[]): Promise<readonly (undefined | Error)[]> {
    const batch = toBatch(appends);
    const appended = await appendEvents(this.database, batch, this.#appending);
    crashPoint('events-appended');
    const refused = appends.filter((append) => !appended.has(append.taskId));
    const reasons = refused.length === 0 ? new Map<string, Error>() : await this.#reasons(refused);
    this.#committed(appends, batch, appended);
    return appends.map((append) => reasons.get(append.taskId));
  }

  /** Tells those whom it concerns of what is stored by now. */
  #committed(appends: readonly Append[], batch: AppendBatch, appended: ReadonlyMap<string, Appended>): void {
    this.metrics?.appended(appends, appended);
    this.subscriptions.committed(committedEvents(batch.events, appended));
    tellTraces(appends, appended);
    const unblocked = [...appended.values()].flatMap((task) => task.unblocked);
    if (unblocked.length > 0) this.#onUnblocked(unblocked);
    for (const { released } of appended.values()) if (released !== undefined) this.#onReleased(released);
    for (const [id, { deserts }] of appended) if (deserts) this.#onDeserted(id);
    if (appends.some(leavesDoubt)) this.#onDoubt();
  }

  /** Why appends were refused; none when the guard fails because a try before this one had been committed after all. */
  async #reasons(refused: readonly Refused[]): Promise<Map<string, Error>> {
    const rows = await this.database.query<{
      id: string;
      state: TaskState;
      run_token: string;
      run_seq: number;
      last_seq: number;
      attempt: number;
      given: number | null;
    }>(
      `SELECT t.id, t.state, t.run_token, t.run_seq, t.last_seq, t.attempt, CASE WHEN t.id = ANY ($2) THEN ${givenBytes} END AS given
       FROM tasks t WHERE t.id = ANY ($1)`,
      [
        refused.map(({ taskId }) => taskId),
        refused.filter((append) => bytesGiven(append) !== null).map(({ taskId }) => taskId),
      ],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    const reasons = new Map<string, Error>();
    for (const append of refused) {
      const { taskId, guard } = append;
      const row = byId.get(taskId);
      if (row === undefined) reasons.set(taskId, new ContinuoError('TASK_NOT_FOUND', `Task ${taskId} is gone.`));
      else if ('token' in guard && row.run_token === guard.token && row.run_seq >= guard.runSeq) this.#onDoubt();
      else if ('states' in guard && guard.seq !== undefined && guard.seq !== row.last_seq) {
        reasons.set(taskId, otherGeneration(taskId, guard.seq, row.last_seq));
      } else if (
        'states' in guard &&
        guard.states.includes(row.state) &&
        (row.given ?? 0) + (bytesGiven(append) ?? 0) > MOST_GIVEN_BYTES
      ) {
        reasons.set(taskId, tooMuchGiven(taskId));
      } else if (
        'states' in guard &&
        guard.mostActive !== undefined &&
        guard.states.includes(row.state) &&
        guard.attempt === row.attempt
      ) {
        reasons.set(taskId, tooManyTasks(guard.mostActive));
      } else if ('states' in guard && guard.attempt !== undefined) {
        reasons.set(taskId, new ContinuoError('UNSUPPORTED_OPERATION', notRetried(taskId, row.state)));
      } else if ('states' in guard && guard.question !== undefined) {
        reasons.set(taskId, new ContinuoError('UNSUPPORTED_OPERATION', alreadyAnswered(taskId, row.state)));
      } else if (isTerminal(row.state)) {
        reasons.set(taskId, new ContinuoError('TASK_ENDED', `Task ${taskId} has ended (${row.state}).`));
      } else if ('token' in guard) {
        reasons.set(taskId, new ContinuoError('RUN_LOST', `Another run owns task ${taskId} now.`));
      } else {
        reasons.set(taskId, new ContinuoError('UNSUPPORTED_OPERATION', `Task ${taskId} is ${row.state} now.`));
      }
    }
    return reasons;
  }
}

/** Whether it ends a task that may have children, or waits for the answer to a child's question. */
function leavesDoubt({ events }: Append): boolean {
  return events.some(
    (event) =>
      event.kind === 'statusUpdate' &&
      (event.waitsFor !== undefined || (isTerminal(event.state) && event.state !== 'COMPLETED')),
  );
}

type Refused = Pick<Append, 'taskId' | 'guard' | 'inbox' | 'answer'>;

/** As an append that has stored nothing yet. */
function asAppend({ taskId, token }: Entries): Refused {
  return { taskId, guard: { token, runSeq: Infinity } };
}

/** Bytes of what a person says to the task; null when it is nobody: that always has room. */
function bytesGiven({ inbox, answer }: Refused): number | null {
  const given = inbox ?? answer;
  return given === undefined || 'timedOut' in given ? null : Buffer.byteLength(JSON.stringify(given));
}

function tooMuchGiven(taskId: string): ContinuoError {
  const most = `no more than ${MOST_GIVEN_BYTES} bytes in all answers and messages to task ${taskId} together`;
  return invalidArgument('message.parts', `${most}; send the rest in a new task of the same context`);
}

function toBatch(appends: readonly Append[]): AppendBatch {
  const events = appends.flatMap((append) =>
    append.events.map((event, index) => toEventRow(event, append, index + 1, append.at)),
  );
  return {
    entries: appends.flatMap(({ entries = [] }) => entries),
    audits: appends.flatMap(toAuditRows),
    // Rows are locked in this order, as everywhere: two batches that meet in several tasks wait, and don't block each other.
    appends: appends.map(toAppendRow).toSorted((a, b) => (a.task_id < b.task_id ? -1 : 1)),
    events,
    artifacts: appends.flatMap(toArtifactRows),
    messages: appends.flatMap(({ sessionMessages, taskId, agent, at }) =>
      sessionMessages.map((message) => toMessageRow(message, taskId, agent, at)),
    ),
  };
}

function toAppendRow(append: Append): AppendRow {
  const { guard } = append;
  const statuses = append.events.filter((event): event is NewStatus => event.kind === 'statusUpdate');
  const last = statuses.at(-1);
  const held = statuses.findLast((status) => status.held !== undefined)?.held;
  const moving = statuses.filter((status) => status.progress !== undefined);
  return {
    task_id: append.taskId,
    events: append.events.length,
    token: 'token' in guard ? guard.token : null,
    run_seq: 'token' in guard ? guard.runSeq : null,
    states: 'states' in guard ? guard.states : ['SUBMITTED', 'WORKING'],
    question: ('states' in guard ? guard.question : undefined) ?? null,
    attempt: ('states' in guard ? guard.attempt : undefined) ?? null,
    held_since: ('states' in guard ? guard.heldSince : undefined) ?? null,
    at_seq: ('states' in guard ? guard.seq : undefined) ?? null,
    most_active: ('states' in guard ? guard.mostActive : undefined) ?? null,
    state: last?.state ?? null,
    status_message: last?.message ?? null,
    status_at: last === undefined ? null : append.at,
    progress: moving.at(-1)?.progress?.fraction ?? null,
    // That of an event which holds the task is shown while it is held: behind that, there is what was said before.
    stage: moving.findLast((status) => !status.held)?.progress?.stage ?? null,
    error: statuses.findLast((status) => status.failure !== undefined)?.failure ?? null,
    wakes_at: last?.wakesAt ?? null,
    waits_for: last?.waitsFor ?? null,
    answer: append.answer ?? null,
    inbox: append.inbox !== undefined,
    given_bytes: bytesGiven(append),
    rewind: append.retry?.rewind ?? null,
    release: append.release ?? false,
    held: held ?? null,
    unheld: held === null,
    misfit: append.misfit ?? false,
    body_events: append.bodyEvents ?? null,
  };
}

function toArtifactRows(append: Append): readonly ArtifactRow[] {
  const rows = new Map<string, ArtifactRow>();
  append.events.forEach((event, index) => {
    if (event.kind !== 'artifactUpdate') return;
    const id = event.artifact.artifactId;
    const before = rows.get(id)?.first_ord ?? null;
    rows.set(id, {
      task_id: append.taskId,
      artifact_id: id,
      first_ord: event.append ? before : index + 1,
    });
  });
  return [...rows.values()];
}

function committedEvents(rows: readonly EventRow[], appended: ReadonlyMap<string, Appended>): readonly LogEvent[] {
  return rows.flatMap((row) => {
    const base = appended.get(row.task_id)?.base;
    if (base === undefined) return [];
    const response = toStreamResponse(row.kind, row.payload, row.message);
    return [{ taskId: row.task_id, seq: base + row.ord, response }];
  });
}
