/** The one way to add to event logs: events, the task row, artifacts and the session move together or not at all. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Answer } from '@continuo/agent/internal/tasks/answers.js';
import type { Held } from '@continuo/agent/internal/tasks/fold.js';
import type { EventRow, NewEvent } from '@continuo/agent/internal/tasks/task-event.js';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { TaskFailure } from '@continuo/agent/internal/tasks/task.js';
import type { MessageRow } from '../sessions/append-messages.js';
import type { Database } from '../platform/database.js';
import { ordinaryAppend, type AppendStatements } from './append-statement.js';
import { pagesText } from './new-pages.js';
import type { Retry } from './attempts.js';
import type { WaitingTask } from './find-released.js';
import type { AuditRow, TaskAudit } from './task-audit.js';
import type { TracedTask, Waited } from './traced-task.js';

/** Who may append: the run that holds the token, in the order of its own counting; or anybody, in certain states. */
export type Guard = { readonly token: string; readonly runSeq: number } | StateGuard;

export interface StateGuard {
  readonly states: readonly TaskState[];
  /** The id of the message with which the agent asks: another question is not the one that is answered. */
  readonly question?: string;
  /** The attempt that is to be followed by another. */
  readonly attempt?: number;
  /** Since when the task is held that is to be held no more. */
  readonly heldSince?: string;
  /** So many tasks of the owner may not have ended, what others call left out. */
  readonly mostActive?: number;
  /** The number of the task's last event. */
  readonly seq?: number | undefined;
}

export interface Append {
  readonly taskId: string;
  readonly contextId: string;
  readonly guard: Guard;
  readonly events: readonly NewEvent[];
  /** Messages that go into the task's session, if it has one. */
  readonly sessionMessages: readonly Message[];
  readonly agent: string;
  /** Number of events that the agent's body has emitted with these. */
  readonly bodyEvents?: number;
  /** A person's answer to the agent's question. */
  readonly answer?: Answer;
  /** A message to the agent while it works. */
  readonly inbox?: Message;
  /** Begins a new attempt of a task that has ended. */
  readonly retry?: Retry;
  /** Takes the task away from the run that holds it. */
  readonly release?: boolean;
  /** The code of the run's instance doesn't fit the task, which is held: for others to try. */
  readonly misfit?: boolean;
  /** What the run has finished: rows for the companion of the log. */
  readonly entries?: readonly Readonly<Record<string, unknown>>[];
  readonly at: string;
  /** Whom the audit log names for it. */
  readonly audit?: TaskAudit | undefined;
  /** The wait that the answer ends: for traces. */
  readonly waited?: Waited | undefined;
}

export interface AppendRow {
  readonly task_id: string;
  readonly events: number;
  readonly token: string | null;
  readonly run_seq: number | null;
  readonly states: readonly TaskState[];
  readonly question: string | null;
  readonly attempt: number | null;
  readonly held_since: string | null;
  readonly at_seq: number | null;
  readonly most_active: number | null;
  readonly state: TaskState | null;
  readonly status_message: Message | null;
  readonly status_at: string | null;
  readonly progress: number | null;
  readonly stage: string | null;
  readonly error: TaskFailure | null;
  readonly wakes_at: string | null;
  readonly waits_for: string | null;
  readonly answer: Answer | null;
  /** It is a message to the agent while it works. */
  readonly inbox: boolean;
  /** Bytes of what a person says with it; null when nobody does. */
  readonly given_bytes: number | null;
  readonly rewind: Retry['rewind'] | null;
  readonly release: boolean;
  readonly body_events: number | null;
  readonly held: Held | null;
  /** It is held no more. */
  readonly unheld: boolean;
  readonly misfit: boolean;
}

export interface ArtifactRow {
  readonly task_id: string;
  readonly artifact_id: string;
  /** Null: the chunks continue what is there. */
  readonly first_ord: number | null;
}

export interface AppendBatch {
  readonly appends: readonly AppendRow[];
  readonly events: readonly EventRow[];
  readonly artifacts: readonly ArtifactRow[];
  readonly messages: readonly MessageRow[];
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  readonly audits: readonly AuditRow[];
}

/** Where the new events of a task begin, and which tasks its end lets run. */
export interface Appended {
  /** The seq before the first new event. */
  readonly base: number;
  /** Tasks that may run now: those that were behind it, its parent or itself when that was parked. */
  readonly unblocked: readonly string[];
  /** Its parent, when that passed on a question that is answered now. */
  readonly released: WaitingTask | undefined;
  /** It has failed, and something that it called has not ended. */
  readonly deserts: boolean;
  /** From its acceptance to its end, if it has ended. */
  readonly livedSeconds: number | undefined;
  /** Of a task that was accepted with tracing. */
  readonly traced: TracedTask | undefined;
}

/** Answers with an entry for each task whose guard held. `full`: the statements for what is not ordinary. */
export async function appendEvents(
  database: Pick<Database, 'inTime'>,
  batch: AppendBatch,
  full: AppendStatements,
): Promise<ReadonlyMap<string, Appended>> {
  const statement = statementFor(batch, full);
  const rows = await database.inTime<{
    id: string;
    base: number;
    unblocked: string[] | null;
    roused: string | null;
    released: WaitingTask | null;
    deserts: boolean;
    lived: number | null;
    traced: TracedTask | null;
  }>(statement.name, statement.text, statement.parts);
  return new Map(
    rows.map(({ id, base, unblocked, roused, released, deserts, lived, traced }) => [
      id,
      {
        base,
        unblocked: [...(unblocked ?? []), ...(roused === null ? [] : [roused])],
        released: released ?? undefined,
        deserts,
        livedSeconds: lived ?? undefined,
        traced: traced ?? undefined,
      },
    ]),
  );
}

function statementFor(batch: AppendBatch, { any, audited }: AppendStatements) {
  if (isOrdinary(batch)) return { name: 'append-events', text: ordinaryAppend, parts: ordinaryParts(batch) };
  if (batch.audits.length === 0) return { name: 'append-and-record', text: any, parts: parts(batch) };
  return { name: 'append-and-audit', text: audited, parts: [...parts(batch), JSON.stringify(batch.audits)] };
}

function parts({ appends, events, artifacts, messages, entries }: AppendBatch): readonly string[] {
  return [
    JSON.stringify(appends),
    pagesText(events),
    JSON.stringify(artifacts),
    JSON.stringify(messages),
    JSON.stringify(entries),
  ];
}

/** Whether runs say what they ordinarily do, and nothing is to be numbered within a session. */
function isOrdinary({ appends, messages, entries, audits }: AppendBatch): boolean {
  return (
    entries.length === 0 &&
    audits.length === 0 &&
    new Set(messages.map(({ message }) => message.contextId)).size === messages.length &&
    appends.every(saysNothingRare)
  );
}

function saysNothingRare(append: AppendRow): boolean {
  const { question, attempt, held_since: heldSince, at_seq: atSeq, most_active: mostActive } = append;
  const { wakes_at: wakesAt, waits_for: waitsFor, given_bytes: given } = append;
  const { answer, inbox, rewind, release, held, unheld, misfit } = append;
  const [nothing, no] = [
    [question, attempt, heldSince, atSeq, mostActive, wakesAt, waitsFor, answer, given, rewind, held],
    [inbox, release, unheld, misfit],
  ];
  return nothing.every((value) => value === null) && !no.includes(true);
}

/** As `ordinaryAppend` reads them. */
function ordinaryParts({ appends, events, artifacts, messages }: AppendBatch): readonly string[] {
  const said = new Map(messages.map((row) => [row.task_id, row]));
  const own = appends.map((append) => ({
    task_id: append.task_id,
    events: append.events,
    token: append.token,
    run_seq: append.run_seq,
    states: append.states,
    state: append.state,
    status_message: append.status_message,
    status_at: append.status_at,
    progress: append.progress,
    stage: append.stage,
    error: append.error,
    body_events: append.body_events,
    ...said.get(append.task_id),
  }));
  return [JSON.stringify(own), pagesText(events), JSON.stringify(artifacts)];
}
