/** The statement that appends to logs, in two forms of one text: whatever an append may say, or what runs ordinarily do. */
import { growSessions, insertMessages, messageColumns } from '../sessions/append-messages.js';
import { instanceRows } from '../runs/views.js';
import { tell } from './channel.js';
import { auditRows, type Auditing } from './task-audit.js';
import { triedIn } from './version-to-run.js';
import { logPlace, pagesOf, pageTargets, pageValues } from './new-pages.js';

/** What is stored beside the log in the same statement, by a room above: part of it, with `moved` at hand. */
export interface Companion {
  /** A common table expression that reads its rows from `parameter`, JSON, and joins `moved` (id, tenant, owner, origin, attempt, earlier_runs). */
  recording(parameter: string): string;
  /** Common table expressions for tasks that `item` (task_id, rewind) begins anew, joining `moved`. */
  readonly rewinding: string;
}

/** The statements for whatever an append may say: the second for batches in which somebody is to be named in the audit log. */
export interface AppendStatements {
  readonly any: string;
  readonly audited: string;
}

/** Bytes of all answers and messages that a task is given while it works or waits: a run has them in memory. */
export const MOST_GIVEN_BYTES = 16 * 1024 ** 2;

/** How many bytes the task `t` was given. */
export const givenBytes = '(t.inbox_bytes + octet_length(t.answers::text))';

/** What every append says. The states are no constant: PostgreSQL would look for all tasks that are in one of them. */
const common = `task_id uuid, events int, token uuid, run_seq int, states text[], state text,
  status_message json, status_at timestamptz, progress real, stage text, error json, body_events int`;

/** What runs ordinarily don't say: of which type it is, and what stands for it in their form. */
const rare = {
  question: { type: 'text', without: 'NULL::text' },
  attempt: { type: 'int', without: 'NULL::int' },
  held_since: { type: 'text', without: 'NULL::text' },
  at_seq: { type: 'int', without: 'NULL::int' },
  most_active: { type: 'int', without: 'NULL::int' },
  wakes_at: { type: 'timestamptz', without: 'NULL::timestamptz' },
  waits_for: { type: 'uuid', without: 'NULL::uuid' },
  answer: { type: 'jsonb', without: 'NULL::jsonb' },
  inbox: { type: 'boolean', without: 'false' },
  given_bytes: { type: 'int', without: 'NULL::int' },
  rewind: { type: 'json', without: 'NULL::json' },
  release: { type: 'boolean', without: 'false' },
  held: { type: 'json', without: 'NULL::json' },
  unheld: { type: 'boolean', without: 'false' },
  misfit: { type: 'boolean', without: 'false' },
} as const;

const rareColumns = Object.entries(rare);
/** Where the two forms differ. */
interface Form {
  /** Common table expressions before `moved`. */
  readonly input: string;
  readonly item: string;
  /** What else `moved` returns. */
  readonly returned: string;
  /** Common table expressions behind `moved`, each with a comma. */
  readonly companion: string;
  /** Common table expression: messages as `insertMessages` reads them. */
  readonly numbered: string;
}

const heldNoMore = "i.unheld OR i.state <> 'WORKING'";
/** Somebody else than a run says that it is held no more: it goes on with the version that it had. */
const letGo = `t.held_version IS NOT NULL AND i.token IS NULL AND (${heldNoMore})`;
const tried = `CASE WHEN EXISTS (SELECT 1 FROM ${instanceRows} n WHERE n.id = t.run_instance AND n.agents IS NULL)
  THEN t.run_instance ELSE coalesce(${triedIn('t.run_instance', 't.agent_version')}, t.run_instance) END`;

const statement = (form: Form): string => `
WITH ${form.input},
moved AS (
  UPDATE tasks t SET
    last_seq = t.last_seq + i.events,${logPlace('t')},
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
                   WHEN i.rewind->>'from' = 'start' THEN '[]'
                   -- That nobody answered in time is no answer to go on from.
                   WHEN i.rewind->>'question' IS NOT NULL
                   THEN (SELECT coalesce(jsonb_agg(g.answer ORDER BY g.n), '[]') FROM jsonb_array_elements(t.answers) WITH ORDINALITY AS g(answer, n)
                         WHERE NOT (g.answer ? 'timedOut' AND g.answer->>'question' = i.rewind->>'question'))
                   ELSE t.answers END,
    attempt = CASE WHEN i.rewind IS NULL THEN t.attempt ELSE t.attempt + 1 END,
    origin = CASE WHEN i.rewind->>'from' = 'start' THEN t.attempt + 1 ELSE t.origin END,
    -- Whatever version runs it next begins it.
    agent_version = CASE WHEN i.rewind->>'from' = 'start' THEN NULL WHEN ${letGo} THEN t.held_version ELSE t.agent_version END,
    agent_rank = CASE WHEN i.rewind->>'from' = 'start' THEN NULL WHEN ${letGo} THEN t.held_rank ELSE t.agent_rank END,
    retried_at = CASE WHEN i.rewind IS NULL THEN t.retried_at ELSE i.status_at END,
    inbox_count = CASE WHEN i.inbox THEN t.inbox_count + 1 ELSE t.inbox_count END,
    inbox_bytes = CASE WHEN i.inbox THEN t.inbox_bytes + i.given_bytes ELSE t.inbox_bytes END,
    -- Only a task that works is held, until an event says that it goes on; every fold of the log says so.
    held = CASE WHEN ${heldNoMore} THEN NULL ELSE coalesce(i.held, t.held) END,
    held_version = CASE WHEN ${heldNoMore} THEN NULL WHEN i.misfit THEN coalesce(t.held_version, t.agent_version) ELSE t.held_version END,
    held_rank = CASE WHEN ${heldNoMore} THEN NULL WHEN i.misfit THEN coalesce(t.held_rank, t.agent_rank) ELSE t.held_rank END,
    held_by = CASE WHEN ${heldNoMore} THEN '{}' WHEN i.misfit THEN array_append(t.held_by, ${tried}) ELSE t.held_by END,
    run_token = CASE WHEN i.release THEN NULL ELSE t.run_token END,
    -- How the run ended, unless that is the task's own end: for its trace.
    run_end = CASE WHEN i.state IN ('INPUT_REQUIRED', 'AUTH_REQUIRED') THEN 'asked' WHEN i.misfit THEN 'held'
                   WHEN i.rewind IS NOT NULL THEN CASE WHEN t.held IS NULL THEN t.state ELSE 'retried' END
                   ELSE t.run_end END,
    run_ended_at = CASE WHEN i.state IN ('INPUT_REQUIRED', 'AUTH_REQUIRED') THEN i.status_at WHEN i.misfit THEN now()
                        WHEN i.rewind IS NOT NULL THEN coalesce(t.run_ended_at, t.status_at) ELSE t.run_ended_at END,
    run_seq = coalesce(i.run_seq, t.run_seq),
    -- A run that got further than those before it has not been started in vain.
    run_count = CASE WHEN i.body_events > t.body_events THEN 1 WHEN i.release THEN 0 ELSE t.run_count END,
    -- A new attempt may begin with fewer steps, and say less.
    run_reached = CASE WHEN i.rewind IS NULL THEN t.run_reached ELSE 0 END,
    body_events = CASE WHEN i.rewind IS NULL THEN greatest(t.body_events, i.body_events) ELSE 0 END
  FROM ${form.item}
  WHERE t.id = i.task_id
    AND (i.token IS NULL OR (t.run_token = i.token AND t.run_seq = i.run_seq - 1))
    AND t.state = ANY (i.states)
    AND (i.question IS NULL OR t.status_message->>'messageId' = i.question)
    AND (i.attempt IS NULL OR t.attempt = i.attempt)
    AND (i.at_seq IS NULL OR t.last_seq = i.at_seq)
    AND (i.held_since IS NULL OR t.held->>'since' = i.held_since)
    AND (i.given_bytes IS NULL OR ${givenBytes} + i.given_bytes <= ${MOST_GIVEN_BYTES})
    -- Begun anew it counts as one that is opened does: behind all that others begin at the same moment.
    AND (i.most_active IS NULL OR t.parent_id IS NOT NULL
         OR continuo_active_tasks(t.tenant, t.owner, i.most_active) < i.most_active)
  RETURNING t.id, t.tenant, t.owner, t.session_id, t.last_seq, t.last_seq - i.events AS base, t.log_xid, t.parent_id, t.origin, t.created_at AS begun_at,
    t.attempt, t.earlier_runs,
    i.inbox AND t.state = 'WORKING' AND t.run_token IS NULL AS told, CASE WHEN i.inbox THEN t.inbox_count END AS inbox_number,
    t.state NOT IN ('INPUT_REQUIRED', 'AUTH_REQUIRED') AS active,
    t.state IN ('COMPLETED', 'FAILED', 'CANCELED', 'REJECTED') AS ended, t.state IN ('FAILED', 'REJECTED') AS failed,
    t.trace, t.retried_at, i.answer IS NOT NULL AS answered${form.returned}
),
-- Parents that are being parked at this moment are waited for; see parkTask.
watching AS (
  SELECT p.id, p.wakes_at FROM tasks p
  WHERE p.id IN (SELECT parent_id FROM moved WHERE parent_id IS NOT NULL AND (ended OR NOT active))
  FOR KEY SHARE
),
-- A parked parent goes on when one of its children has something to say. It is found by its id alone: how many tasks
-- wait, or work, may be anything by the time at which the plan is carried out.
roused AS (
  UPDATE tasks p SET wakes_at = NULL
  FROM (SELECT DISTINCT m.parent_id AS id, w.wakes_at FROM moved m LEFT JOIN watching w ON w.id = m.parent_id
        WHERE m.parent_id IS NOT NULL) c
  WHERE p.id = c.id AND p.state || '' = 'WORKING' AND (p.wakes_at IS NOT NULL OR c.wakes_at IS NOT NULL)
  RETURNING p.id
),
${form.companion}page AS MATERIALIZED (SELECT * FROM ${pagesOf('$2')}),
logged AS (
  INSERT INTO task_pages (${pageTargets})
  SELECT ${pageValues('m', 'm.base')} FROM page p JOIN moved m ON m.id = p.task_id
),
-- Only where an artifact's content begins: more of it changes nothing here.
kept AS (
  INSERT INTO artifacts AS a (task_id, artifact_id, first_seq)
  SELECT m.id, c.artifact_id, coalesce(m.base + c.first_ord, 0)
  FROM json_to_recordset($3) AS c(task_id uuid, artifact_id text, first_ord int) JOIN moved m ON m.id = c.task_id
  WHERE c.first_ord IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM artifacts k WHERE k.task_id = c.task_id AND k.artifact_id = c.artifact_id)
  ON CONFLICT (task_id, artifact_id) DO UPDATE SET
    first_seq = CASE WHEN EXCLUDED.first_seq = 0 THEN a.first_seq ELSE EXCLUDED.first_seq END
),
${form.numbered},
${growSessions},
${insertMessages}
SELECT m.id, m.base,
  (SELECT json_agg(b.id) FROM tasks b WHERE b.blocked_by = m.id AND m.ended) AS unblocked,
  CASE WHEN m.told THEN m.id ELSE (SELECT r.id FROM roused r WHERE r.id = m.parent_id) END AS roused,
  (SELECT json_build_object('id', p.id, 'contextId', p.context_id, 'agent', p.agent,
                            'question', p.status_message->>'messageId', 'since', p.status_at)
   FROM tasks p WHERE p.id = m.parent_id AND p.waits_for = m.id AND m.active) AS released,
  m.failed AND EXISTS (SELECT 1 FROM tasks c WHERE c.parent_id = m.id
    AND c.state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED')) AS deserts,
  CASE WHEN m.ended THEN extract(epoch FROM clock_timestamp() - m.begun_at)::float8 END AS lived,
  CASE WHEN m.trace IS NOT NULL AND (m.ended OR m.answered) THEN json_build_object('trace', m.trace, 'begunAt', m.begun_at, 'retriedAt', m.retried_at) END
    AS traced,
  ${tell('moved WHERE last_seq > base')}
FROM moved m`;

/**
 * Parameters: appends, pages, artifacts, messages, what the companion records, with `auditing` what the audit log records, and
 * the last moment to begin.
 */
const anyAppend = (companion: Companion, auditing?: Auditing): string =>
  statement({
    input: `item AS (
  SELECT * FROM json_to_recordset($1) AS i(${common}, ${rareColumns.map(([name, { type }]) => `${name} ${type}`).join(', ')})
  WHERE (SELECT continuo_in_time(${auditing === undefined ? '$6' : '$7'}))
)`,
    item: 'item i',
    returned: '',
    companion: [
      companion.recording('$5'),
      companion.rewinding,
      ...(auditing === undefined ? [] : [auditing(auditRows('$6'))]),
    ]
      .map((part) => `${part},\n`)
      .join(''),
    numbered: `numbered AS (
  SELECT m.session_id, row_number() OVER (PARTITION BY m.session_id ORDER BY s.created_at, s.message_id) AS n, s.*
  FROM json_to_recordset($4) AS s(${messageColumns}) JOIN moved m ON m.id = s.task_id
  WHERE m.session_id IS NOT NULL
)`,
  });

export const appendStatements = (companion: Companion, auditing: Auditing): AppendStatements => ({
  any: anyAppend(companion),
  audited: anyAppend(companion, auditing),
});

/**
 * Parameters: appends, each with the one message that goes into its session, if any; pages; artifacts; and the last moment
 * to begin. No two messages may go into the same session.
 */
export const ordinaryAppend = statement({
  input: `item AS (
  SELECT * FROM json_to_recordset($1) AS i(${common}, message_id text, agent text, message json, words text,
    created_at timestamptz)
  WHERE (SELECT continuo_in_time($4))
)`,
  item: `(SELECT i.*, ${rareColumns.map(([name, { without }]) => `${without} AS ${name}`).join(', ')} FROM item i) i`,
  returned: ', i.message_id, i.agent, i.message, i.words, i.created_at',
  companion: '',
  numbered: `numbered AS (
  SELECT session_id, 1 AS n, id AS task_id, message_id, agent, message, words, created_at
  FROM moved WHERE session_id IS NOT NULL AND message_id IS NOT NULL
)`,
});
