/** The statement that opens tasks, in two forms of one text: for any, or for those that users begin, a session each. */
import { instanceRows } from '../runs/views.js';
import { insertMessages, messageColumns, openSessions } from '../sessions/append-messages.js';
import { lastIn } from '../sessions/views.js';
import { tell } from './channel.js';
import { EPOCH, pagesOf, pageTargets } from './new-pages.js';

/** What every new task says. */
const common = `pos int, id uuid, tenant text, owner text, agent text, context_id text, session_id uuid, message_id text,
  title text, metadata json, at timestamptz, token uuid, instance_id uuid, agent_version text, agent_rank text,
  trace jsonb`;

/** What those don't say that users begin at once. */
const rare = {
  parent_id: 'uuid',
  root_id: 'uuid',
  start_at: 'timestamptz',
  priority: 'int',
  blocked_by: 'uuid',
  parent_token: 'uuid',
};
const rareColumns = Object.entries(rare);

interface Form {
  /** Every new task, as a FROM item of rows with `common` and what else the form says. */
  readonly asked: string;
  /** How many parameters it has before the last moment to begin, and before how many tasks of an owner may not have ended. */
  readonly parameters: number;
  /** Which of `asked` users begin. */
  readonly begun: string;
  /** Common table expressions between `item` and `opened`. */
  readonly input: string;
  readonly item: string;
  readonly depth: string;
  /** What goes on behind the FROM of `opened`. */
  readonly joining: string;
  /** Common table expressions `numbered`, as `insertMessages` reads it, and `counted`, as `openSessions` does. */
  readonly numbered: string;
  /** More answers. */
  readonly refused: string;
}

/** What is opened of what is asked for. */
interface Admission {
  /** Common table expressions, the last of which is `item`. */
  readonly items: (form: Form) => string;
  /** More answers. */
  readonly refused: string;
}

const any: Admission = {
  items: ({ asked, parameters }) => `item AS (
  SELECT * FROM ${asked} WHERE (SELECT continuo_in_time($${parameters + 1}))
)`,
  refused: '',
};

/**
 * Without those for which their owner has no room, which are in `crowd`. Owners come in the order of their names, before
 * anything is locked for a task: nobody waits for somebody who waits for them.
 */
const withinQuota: Admission = {
  items: ({
    asked,
    parameters,
    begun,
  }) => `asked AS MATERIALIZED (SELECT i.* FROM ${asked} WHERE (SELECT continuo_in_time($${parameters + 2}))),
room AS MATERIALIZED (
  SELECT w.tenant, w.owner, continuo_active_tasks(w.tenant, w.owner, $${parameters + 1}::int) AS active FROM (
    SELECT DISTINCT i.tenant, i.owner FROM asked i WHERE ${begun} ORDER BY 1, 2 OFFSET 0) w
),
crowd AS MATERIALIZED (
  SELECT n.id FROM (
    SELECT i.id, r.active + row_number() OVER (PARTITION BY i.tenant, i.owner ORDER BY i.pos) AS nth
    FROM asked i JOIN room r ON r.tenant = i.tenant AND r.owner = i.owner
    WHERE ${begun} AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = i.id)
      AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.tenant = i.tenant AND t.owner = i.owner
                        AND t.context_id = i.context_id AND t.message_id = i.message_id AND t.agent = i.agent)) n
  WHERE n.nth > $${parameters + 1}::int
),
item AS MATERIALIZED (SELECT i.* FROM asked i WHERE i.id NOT IN (SELECT id FROM crowd))`,
  refused: "\nUNION ALL SELECT c.id, 'no-room', NULL FROM crowd c",
};

const statement = (form: Form, admission: Admission): string => `
WITH ${admission.items(form)},${form.input}
opened AS (
  INSERT INTO tasks (id, tenant, owner, agent, context_id, session_id, message_id, title, parent_id, root_id, state,
                     status_at, metadata, last_seq, created_at, run_token, run_instance, run_count, start_at,
                     priority, blocked_by, depth, agent_version, agent_rank, log_epoch, log_xid,
                     trace, said_before)
  SELECT i.id, tenant, owner, agent, context_id, session_id, message_id, title, parent_id, root_id,
         CASE WHEN r.id IS NULL THEN 'SUBMITTED' ELSE 'WORKING' END, at, metadata,
         CASE WHEN r.id IS NULL THEN 1 ELSE 2 END, at,
         CASE WHEN r.id IS NOT NULL THEN token END, r.id, CASE WHEN r.id IS NULL THEN 0 ELSE 1 END,
         start_at, priority, blocked_by, ${form.depth},
         CASE WHEN r.id IS NOT NULL THEN agent_version END, CASE WHEN r.id IS NOT NULL THEN agent_rank END,
         ${EPOCH}, pg_current_xact_id(), trace, CASE WHEN parent_id IS NOT NULL THEN ${lastIn('i.session_id')} END
  FROM ${form.item} LEFT JOIN ${instanceRows} r ON r.id = i.instance_id AND r.lost_at IS NULL
      AND (i.start_at IS NULL OR i.start_at <= now())
${form.joining}
  ORDER BY pos
  ON CONFLICT DO NOTHING
  RETURNING id, tenant, owner, session_id, last_seq, log_xid, coalesce(start_at > now(), false) OR blocked_by IS NOT NULL AS later
),
new AS (SELECT i.*, o.last_seq FROM opened o JOIN item i ON i.id = o.id),
page AS MATERIALIZED (SELECT * FROM ${pagesOf('$2')}),
-- The pages tell of a run that begins; where it doesn't, because its instance is lost, the log has one event fewer.
logged AS (
  INSERT INTO task_pages (${pageTargets})
  SELECT o.id, p.first_ord, least(p.last_ord, o.last_seq), o.log_xid, o.tenant, o.owner, o.session_id, p.at,
    p.keys[1 : least(p.last_ord, o.last_seq)::int - p.first_ord + 1],
    CASE WHEN p.last_ord <= o.last_seq THEN p.events ELSE json_build_array(p.events->0) END,
    p.payload, p.message_ord, p.message, p.artifacts, p.artifact_bytes, p.object, NULL, NULL
  FROM page p JOIN opened o ON o.id = p.task_id WHERE p.first_ord <= o.last_seq
),
${form.numbered},
${openSessions},
${insertMessages}
SELECT o.id, CASE WHEN o.last_seq = 2 THEN 'running' WHEN o.later THEN 'later' ELSE 'waiting' END AS became,
       ${tell('opened')} FROM opened o${admission.refused}${form.refused}`;

const anyTask: Form = {
  asked: `json_to_recordset($1) AS i(${common}, ${rareColumns.map((column) => column.join(' ')).join(', ')})`,
  parameters: 5,
  begun: 'i.parent_id IS NULL',
  input: `
-- Locked: either the end of a parent finds what is opened here, or what is opened here finds the parent ended.
parent AS (
  SELECT p.id, p.depth, p.run_token, p.state, coalesce(p.root_id, p.id) AS root_id FROM tasks p
  WHERE p.id IN (SELECT i.parent_id FROM item i WHERE i.parent_token IS NOT NULL) ORDER BY p.id FOR SHARE
),
child AS (
  SELECT i.pos, i.id, p.root_id, p.depth + 1 AS depth, p.depth >= $4 AND $4 > 0 AS too_deep
  FROM item i JOIN parent p ON p.id = i.parent_id AND p.run_token = i.parent_token
  WHERE p.state IN ('SUBMITTED', 'WORKING')
    AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.tenant = i.tenant AND t.owner = i.owner
                      AND t.context_id = i.context_id AND t.message_id = i.message_id)
),
fresh AS (
  SELECT c.*, row_number() OVER (PARTITION BY c.root_id ORDER BY c.pos) AS nth FROM child c WHERE NOT c.too_deep
),
tree AS (
  INSERT INTO task_trees AS t (root_id, tasks, before)
  SELECT f.root_id, CASE WHEN $5 > 0 THEN least(1 + count(*), $5) ELSE 1 + count(*) END, 1
  FROM fresh f GROUP BY f.root_id ORDER BY f.root_id
  ON CONFLICT (root_id) DO UPDATE SET
    tasks = CASE WHEN $5 > 0 THEN greatest(t.tasks, least(t.tasks + EXCLUDED.tasks - 1, $5))
                 ELSE t.tasks + EXCLUDED.tasks - 1 END,
    before = t.tasks
  RETURNING root_id, before
),
joining AS (
  SELECT f.id, f.depth, $5 > 0 AND t.before + f.nth > $5 AS too_many FROM fresh f JOIN tree t ON t.root_id = f.root_id
),`,
  item: 'item i',
  depth: 'coalesce(j.depth, 0)',
  joining: `    LEFT JOIN joining j ON j.id = i.id
  WHERE i.parent_token IS NULL OR NOT j.too_many`,
  numbered: `numbered AS (
  SELECT o.session_id, row_number() OVER (PARTITION BY o.session_id ORDER BY m.message_id, m.task_id) AS n, m.*
  FROM opened o JOIN json_to_recordset($3) AS m(${messageColumns}) ON m.task_id = o.id
  WHERE o.session_id IS NOT NULL
),
counted AS (
  SELECT i.session_id, (SELECT count(*) FROM numbered n WHERE n.session_id = i.session_id) AS n,
         min(i.tenant) AS tenant, min(i.owner) AS owner, min(i.context_id) AS context_id,
         (array_agg(i.title ORDER BY i.pos))[1] AS title, max(i.at) AS at
  FROM new i WHERE i.session_id IS NOT NULL GROUP BY i.session_id
)`,
  refused: `
UNION ALL SELECT c.id, 'too-deep', NULL FROM child c WHERE c.too_deep
UNION ALL SELECT j.id, 'too-many', NULL FROM joining j WHERE j.too_many`,
};

const ordinary: Form = {
  asked: `json_to_recordset($1) AS i(${common}, words text)`,
  parameters: 2,
  begun: 'true',
  input: '',
  item: `(SELECT i.*, ${rareColumns.map(([name, type]) => `NULL::${type} AS ${name}`).join(', ')} FROM item i) i`,
  depth: '0',
  joining: '',
  numbered: `numbered AS (
  SELECT n.session_id, 1 AS n, n.id AS task_id, n.message_id, n.agent, p.message, n.words, n.at AS created_at, n.tenant,
         n.owner, n.context_id, n.title, n.at
  FROM new n JOIN page p ON p.task_id = n.id AND p.message_ord = 1 WHERE n.session_id IS NOT NULL
),
counted AS (SELECT * FROM numbered)`,
  refused: '',
};

/** Parameters: tasks, pages, messages, how deep and how large trees may be; and the last moment to begin. */
export const openAny = statement(anyTask, any);

/**
 * Parameters: tasks, each with the words of its message, which goes into its session; pages; and the last moment to begin. No
 * two may have the same session.
 */
export const openOrdinary = statement(ordinary, any);

/** The same, with one parameter more before the last: how many tasks of an owner may not have ended. */
export const openAnyWithinQuota = statement(anyTask, withinQuota);
export const openOrdinaryWithinQuota = statement(ordinary, withinQuota);
