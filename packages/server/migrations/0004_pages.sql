-- breaking: yes
-- The log in pages: events of one append lie together, in one row with few entries in indexes, and not in a row each.
-- A page says as well what `task_commits` said: whose it is, and where it stands among all that was committed.

CREATE TABLE task_pages (
  task_id uuid NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  -- The transaction, as the cluster counts them, or one before which the log may not stand (tasks.log_xid); in another
  -- cluster another epoch begins, which becomes the default. A transaction's id is assigned before it commits, so readers stop at the oldest one that is still under way.
  epoch bigint NOT NULL DEFAULT 1,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  tenant text NOT NULL,
  owner text NOT NULL,
  session_id uuid,
  created_at timestamptz NOT NULL,
  -- Of each event, deterministic within a task: what a repeated append would write again.
  keys text[] NOT NULL,
  -- Of each event the member of A2A's StreamResponse: Task, TaskStatusUpdateEvent or TaskArtifactUpdateEvent. That of a large
  -- one says here everything but its content.
  events json NOT NULL,
  -- A large event, as a whole: it has a page to itself.
  payload json,
  -- The message that the event `message_seq` adds to the task's history: a page has one at the most.
  message_seq bigint,
  message json,
  -- Artifacts of which there are chunks, and how many bytes the page has of the present content of each.
  artifacts text[],
  artifact_bytes int[],
  message_bytes int GENERATED ALWAYS AS (coalesce(octet_length(message::text), 0)) STORED,
  bytes int GENERATED ALWAYS AS (coalesce(octet_length(message::text), 0)
    + CASE WHEN payload IS NULL THEN octet_length(events::text) - 2 ELSE octet_length(payload::text) END) STORED,
  PRIMARY KEY (task_id, last_seq)
);

-- What streams over many tasks read, in the order in which it became visible.
CREATE INDEX task_pages_by_owner ON task_pages (tenant, owner, epoch, xid, task_id, last_seq);
CREATE INDEX task_pages_by_session ON task_pages (session_id, epoch, xid, task_id, last_seq) WHERE session_id IS NOT NULL;
CREATE INDEX task_pages_history ON task_pages (task_id, message_seq) WHERE message_seq IS NOT NULL;

-- What was stored before gets a page for each event.
INSERT INTO task_pages (task_id, first_seq, last_seq, epoch, xid, tenant, owner, session_id, created_at, keys, events,
                        payload, message_seq, message, artifacts, artifact_bytes)
SELECT e.task_id, e.seq, e.seq, c.epoch, c.xid, c.tenant, c.owner, c.session_id, e.created_at, ARRAY[e.key],
  json_build_array(CASE
    WHEN octet_length(e.payload::text) <= 65536 THEN e.payload
    WHEN e.kind = 'artifactUpdate' THEN json_build_object('taskId', e.task_id, 'contextId', e.payload->'contextId',
      'artifact', json_build_object('artifactId', e.artifact_id, 'name', e.payload->'artifact'->'name', 'parts', '[]'::json),
      'append', e.payload->'append', 'lastChunk', e.payload->'lastChunk')
    WHEN e.kind = 'task' THEN json_build_object('id', e.task_id, 'contextId', e.payload->'contextId', 'status',
      e.payload->'status')
    ELSE json_build_object('taskId', e.task_id, 'contextId', e.payload->'contextId', 'status', json_build_object(
      'state', e.payload->'status'->'state', 'timestamp', e.payload->'status'->'timestamp')) END),
  CASE WHEN octet_length(e.payload::text) > 65536 THEN e.payload END,
  CASE WHEN e.message IS NOT NULL THEN e.seq END, e.message,
  CASE WHEN e.artifact_id IS NOT NULL THEN ARRAY[e.artifact_id] END,
  CASE WHEN e.artifact_id IS NOT NULL THEN ARRAY[octet_length(e.payload::text)] END
FROM task_commits c JOIN task_events e ON e.task_id = c.task_id AND e.seq BETWEEN c.first_seq AND c.last_seq;

DO $$
BEGIN
  EXECUTE format('ALTER TABLE task_pages ALTER COLUMN epoch SET DEFAULT %s', (SELECT max(epoch) FROM commit_epochs));
END $$;

DROP TABLE task_events;
DROP TABLE task_commits;

-- The log, event by event. `outline`: the payload, of a large event without its content.
CREATE VIEW task_events AS
SELECT p.task_id, p.first_seq + e.n - 1 AS seq, p.keys[e.n::int] AS key,
  CASE WHEN p.first_seq + e.n = 2 THEN 'task' WHEN e.outline->'artifact' IS NULL THEN 'statusUpdate'
       ELSE 'artifactUpdate' END AS kind,
  e.outline->'artifact'->>'artifactId' AS artifact_id,
  coalesce(p.payload, e.outline) AS payload, e.outline,
  CASE WHEN p.message_seq = p.first_seq + e.n - 1 THEN p.message END AS message,
  p.created_at,
  CASE WHEN p.first_seq = p.last_seq THEN p.bytes
       ELSE octet_length(e.outline::text) + CASE WHEN p.message_seq = p.first_seq + e.n - 1 THEN p.message_bytes ELSE 0 END
       END AS bytes,
  p.last_seq AS page
FROM task_pages p CROSS JOIN LATERAL json_array_elements(p.events) WITH ORDINALITY AS e(outline, n);

-- An artifact is what the log says of it from its `first_seq` on; a chunk is never written twice.
ALTER TABLE artifacts DROP COLUMN last_seq, DROP COLUMN complete;

-- The place of the last append to the log among all commits: two transactions may write to a log in the other order than they
-- got their ids, and the later append then takes the id of the earlier one.
ALTER TABLE tasks ADD COLUMN log_epoch bigint, ADD COLUMN log_xid xid8;

-- Room for the versions of a row that a run writes one after the other, so that no index needs an entry for each.
ALTER TABLE tasks SET (fillfactor = 80);

-- Records what is to be delivered, in the transaction that writes the events; costs one look while there is no endpoint.
CREATE OR REPLACE FUNCTION record_webhook_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM webhook_endpoints) THEN
    RETURN NULL;
  END IF;
  WITH recorded AS (
    INSERT INTO webhook_deliveries (tenant, owner, endpoint_id, task_id, seq, kind)
    SELECT t.tenant, t.owner, w.id, a.task_id, a.seq, a.kind
    FROM (
      SELECT p.task_id, p.first_seq + e.n - 1 AS seq, e.payload,
        CASE WHEN p.first_seq + e.n = 2 THEN 'task' WHEN e.payload->'artifact' IS NULL THEN 'statusUpdate'
             ELSE 'artifactUpdate' END AS kind
      FROM added p CROSS JOIN LATERAL json_array_elements(p.events) WITH ORDINALITY AS e(payload, n)) a
    JOIN tasks t ON t.id = a.task_id
    CROSS JOIN LATERAL (
      SELECT * FROM webhook_endpoints WHERE task_id = a.task_id AND tenant = t.tenant AND owner = t.owner
      UNION ALL
      SELECT * FROM webhook_endpoints WHERE task_id IS NULL AND tenant = t.tenant AND owner = t.owner
    ) w
    WHERE w.state <> 'gone'
      AND a.kind = ANY (w.kinds)
      AND (w.agents IS NULL OR t.agent = ANY (w.agents))
      AND (w.context_ids IS NULL OR t.context_id = ANY (w.context_ids))
      -- HELD stands for events that say whether a task is held: null where it is held no more.
      AND (w.states IS NULL OR a.payload->'status'->>'state' = ANY (w.states)
           OR ('HELD' = ANY (w.states) AND a.kind = 'statusUpdate'
               AND a.payload->'metadata'->'urn:continuo:a2a:held:v1' IS NOT NULL))
    ORDER BY a.task_id, a.seq
    RETURNING endpoint_id
  )
  -- NOTIFY carries fewer than 8000 bytes; `*` stands for any.
  SELECT CASE WHEN count(DISTINCT endpoint_id) > 200 THEN '*' ELSE string_agg(DISTINCT endpoint_id::text, ',') END
  INTO told FROM recorded;
  IF told IS NOT NULL THEN
    PERFORM pg_notify('continuo_webhooks', told);
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER task_pages_webhooks AFTER INSERT ON task_pages
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION record_webhook_deliveries();
