/** The one statement that adds to event logs: events, the task row, artifacts and the session move together or not at all. */
import { growSessions, insertMessages, messageColumns, type MessageRow } from '../sessions/append-messages.js';
import type { Database } from '../platform/database.js';
import type { Message } from '../sessions/message.js';
import { EVENTS_CHANNEL, MAX_NOTIFIED } from './channel.js';
import type { Held } from './fold.js';
import type { EventRow, NewEvent } from './task-event.js';
import type { Answer, Retry } from './attempts.js';
import type { WaitingTask } from './find-released.js';
import type { TaskFailure } from './task.js';
import type { TaskState } from './task-state.js';

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
  readonly state: TaskState | null;
  readonly status_message: Message | null;
  readonly status_at: string | null;
  readonly progress: number | null;
  readonly stage: string | null;
  readonly error: TaskFailure | null;
  readonly wakes_at: string | null;
  readonly waits_for: string | null;
  readonly answer: Answer | null;
  readonly inbox: Message | null;
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
  readonly last_ord: number;
  readonly complete: boolean;
}

/** What is stored beside the log in the same statement, by a room above: part of it, with `moved` at hand. */
export interface Companion {
  /** A common table expression that reads its rows from `parameter`, JSON, and joins `moved` (id, origin). */
  recording(parameter: string): string;
  /** Common table expressions for tasks that `item` (task_id, rewind) begins anew, joining `moved`. */
  readonly rewinding: string;
}

export interface AppendBatch {
  readonly appends: readonly AppendRow[];
  readonly events: readonly EventRow[];
  readonly artifacts: readonly ArtifactRow[];
  readonly messages: readonly MessageRow[];
  readonly entries: readonly Readonly<Record<string, unknown>>[];
}

/** Bytes of all answers and messages that a task is given while it works or waits: a run has them in memory. */
export const MOST_GIVEN_BYTES = 16 * 1024 ** 2;

/** How many bytes the task `t` was given. */
export const givenBytes = '(octet_length(t.inbox::text) + octet_length(t.answers::text))';

/** Without a companion there are four parameters and the one for the time, with it five. */
const sqlWith = (companion: Companion | undefined): string => `
WITH item AS (
  SELECT * FROM json_to_recordset($1) AS i(task_id uuid, events int, token uuid, run_seq int, states text[], question text,
    attempt int, held_since text, state text, status_message json, status_at timestamptz, progress real, stage text, error json,
    wakes_at timestamptz, waits_for uuid, answer jsonb, inbox jsonb, given_bytes int,
    rewind json, release boolean, body_events int, held json, unheld boolean, misfit boolean)
  WHERE (SELECT continuo_in_time($${companion === undefined ? 5 : 6}))
),
moved AS (
  UPDATE tasks t SET
    last_seq = t.last_seq + i.events,
    state = coalesce(i.state, t.state),
    status_message = CASE WHEN i.state IS NULL THEN t.status_message ELSE i.status_message END,
    status_at = coalesce(i.status_at, t.status_at),
    progress = coalesce(i.progress, t.progress),
    -- Whoever goes on after a wait does something else than what it waited with; every fold of the log says so.
    stage = coalesce(i.stage, CASE WHEN i.state = 'WORKING' AND t.state IN ('INPUT_REQUIRED', 'AUTH_REQUIRED') THEN ''
                                   ELSE t.stage END),
    error = CASE WHEN i.rewind IS NULL THEN coalesce(i.error, t.error) END,
    wakes_at = CASE WHEN i.state IS NULL THEN t.wakes_at ELSE i.wakes_at END,
    waits_for = CASE WHEN i.state IS NULL THEN t.waits_for ELSE i.waits_for END,
    answers = CASE WHEN i.answer IS NOT NULL THEN t.answers || jsonb_build_array(i.answer)
                   WHEN i.rewind->>'from' = 'start' THEN '[]' ELSE t.answers END,
    attempt = CASE WHEN i.rewind IS NULL THEN t.attempt ELSE t.attempt + 1 END,
    origin = CASE WHEN i.rewind->>'from' = 'start' THEN t.attempt + 1 ELSE t.origin END,
    -- Whatever version runs it next begins it.
    agent_version = CASE WHEN i.rewind->>'from' = 'start' THEN NULL ELSE t.agent_version END,
    agent_rank = CASE WHEN i.rewind->>'from' = 'start' THEN NULL ELSE t.agent_rank END,
    retried_at = CASE WHEN i.rewind IS NULL THEN t.retried_at ELSE i.status_at END,
    inbox = CASE WHEN i.inbox IS NULL THEN t.inbox ELSE t.inbox || jsonb_build_array(i.inbox) END,
    -- Only a task that works is held, until an event says that it goes on; every fold of the log says so.
    held = CASE WHEN i.unheld OR i.state <> 'WORKING' THEN NULL ELSE coalesce(i.held, t.held) END,
    held_by = CASE WHEN i.unheld OR i.state <> 'WORKING' THEN '{}'
                   WHEN i.misfit THEN array_append(t.held_by, t.run_instance) ELSE t.held_by END,
    run_token = CASE WHEN i.release THEN NULL ELSE t.run_token END,
    run_seq = coalesce(i.run_seq, t.run_seq),
    -- A run that got further than those before it has not been started in vain.
    run_count = CASE WHEN i.body_events > t.body_events THEN 1 WHEN i.release THEN 0 ELSE t.run_count END,
    -- A new attempt may begin with fewer steps, and say less.
    run_reached = CASE WHEN i.rewind IS NULL THEN t.run_reached ELSE 0 END,
    body_events = CASE WHEN i.rewind IS NULL THEN greatest(t.body_events, i.body_events) ELSE 0 END
  FROM item i
  WHERE t.id = i.task_id
    AND (i.token IS NULL OR (t.run_token = i.token AND t.run_seq = i.run_seq - 1))
    AND t.state = ANY (i.states)
    AND (i.question IS NULL OR t.status_message->>'messageId' = i.question)
    AND (i.attempt IS NULL OR t.attempt = i.attempt)
    AND (i.held_since IS NULL OR t.held->>'since' = i.held_since)
    AND (i.given_bytes IS NULL OR ${givenBytes} + i.given_bytes <= ${MOST_GIVEN_BYTES})
    -- A message that comes twice at once is delivered once.
    AND (i.inbox IS NULL OR NOT t.inbox @> jsonb_build_array(jsonb_build_object('messageId', i.inbox->'messageId')))
  RETURNING t.id, t.tenant, t.owner, t.session_id, t.last_seq, t.last_seq - i.events AS base, t.parent_id, t.origin,
    i.inbox IS NOT NULL AND t.state = 'WORKING' AND t.run_token IS NULL AS told,
    t.state NOT IN ('INPUT_REQUIRED', 'AUTH_REQUIRED') AS active,
    t.state IN ('COMPLETED', 'FAILED', 'CANCELED', 'REJECTED') AS ended, t.state IN ('FAILED', 'REJECTED') AS failed
),
-- Parents that are being parked at this moment are waited for; see parkTask.
watching AS (
  SELECT p.id, p.wakes_at FROM tasks p
  WHERE p.id IN (SELECT parent_id FROM moved WHERE parent_id IS NOT NULL AND (ended OR NOT active))
  FOR KEY SHARE
),
-- A parked parent goes on when one of its children has something to say.
roused AS (
  UPDATE tasks p SET wakes_at = NULL
  WHERE p.state = 'WORKING' AND p.id IN (
    SELECT w.id FROM watching w WHERE w.wakes_at IS NOT NULL
    UNION SELECT q.id FROM moved m JOIN tasks q ON q.id = m.parent_id WHERE q.wakes_at IS NOT NULL)
  RETURNING p.id
),
noted AS (
  INSERT INTO task_commits (tenant, owner, session_id, task_id, first_seq, last_seq)
  SELECT tenant, owner, session_id, id, base + 1, last_seq FROM moved WHERE last_seq > base
),
${companion === undefined ? '' : `${companion.recording('$5')},\n${companion.rewinding},`}
logged AS (
  INSERT INTO task_events (task_id, seq, key, kind, artifact_id, payload, message, created_at)
  SELECT m.id, m.base + e.ord, e.key, e.kind, e.artifact_id, e.payload, e.message, e.created_at
  FROM json_to_recordset($2) AS e(task_id uuid, ord int, key text, kind text, artifact_id text, payload json,
    message json, created_at timestamptz)
  JOIN moved m ON m.id = e.task_id
),
kept AS (
  INSERT INTO artifacts AS a (task_id, artifact_id, first_seq, last_seq, complete)
  SELECT m.id, c.artifact_id, coalesce(m.base + c.first_ord, 0), m.base + c.last_ord, c.complete
  FROM json_to_recordset($3) AS c(task_id uuid, artifact_id text, first_ord int, last_ord int, complete boolean)
  JOIN moved m ON m.id = c.task_id
  ON CONFLICT (task_id, artifact_id) DO UPDATE SET
    first_seq = CASE WHEN EXCLUDED.first_seq = 0 THEN a.first_seq ELSE EXCLUDED.first_seq END,
    last_seq = EXCLUDED.last_seq, complete = EXCLUDED.complete
),
numbered AS (
  SELECT m.session_id, row_number() OVER (PARTITION BY m.session_id ORDER BY s.created_at, s.message_id) AS n, s.*
  FROM json_to_recordset($4) AS s(${messageColumns}) JOIN moved m ON m.id = s.task_id
  WHERE m.session_id IS NOT NULL
),
${growSessions},
${insertMessages}
SELECT m.id, m.base,
  (SELECT json_agg(b.id) FROM tasks b WHERE b.blocked_by = m.id AND m.ended) AS unblocked,
  CASE WHEN m.told THEN m.id ELSE (SELECT r.id FROM roused r WHERE r.id = m.parent_id) END AS roused,
  (SELECT json_build_object('id', p.id, 'contextId', p.context_id, 'agent', p.agent,
                            'question', p.status_message->>'messageId')
   FROM tasks p WHERE p.id = m.parent_id AND p.waits_for = m.id AND m.active) AS released,
  m.failed AND EXISTS (SELECT 1 FROM tasks c WHERE c.parent_id = m.id
    AND c.state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED')) AS deserts,
  (SELECT CASE WHEN count(*) > 0 THEN pg_notify('${EVENTS_CHANNEL}',
    CASE WHEN count(*) > ${MAX_NOTIFIED} THEN '*' ELSE string_agg(id::text, ',') END) END
   FROM moved WHERE last_seq > base)
FROM moved m`;

const plain = sqlWith(undefined);

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
}

/** Answers with an entry for each task whose guard held. */
export async function appendEvents(
  database: Pick<Database, 'inTime'>,
  batch: AppendBatch,
  companion: Companion,
): Promise<ReadonlyMap<string, Appended>> {
  const { appends, events, artifacts, messages, entries } = batch;
  const isPlain = entries.length === 0 && appends.every(({ rewind }) => rewind === null);
  const parts = [appends, events, artifacts, messages, ...(isPlain ? [] : [entries])];
  const rows = await database.inTime<{
    id: string;
    base: number;
    unblocked: string[] | null;
    roused: string | null;
    released: WaitingTask | null;
    deserts: boolean;
  }>(
    isPlain ? 'append-events' : 'append-and-record',
    isPlain ? plain : sqlWith(companion),
    parts.map((part) => JSON.stringify(part)),
  );
  return new Map(
    rows.map(({ id, base, unblocked, roused, released, deserts }) => [
      id,
      {
        base,
        unblocked: [...(unblocked ?? []), ...(roused === null ? [] : [roused])],
        released: released ?? undefined,
        deserts,
      },
    ]),
  );
}
