-- breaking: yes
-- Everything that 0.1.0 begins with, room by room. Every row belongs to a tenant and an owner; every list that the API
-- offers has an index that serves it.

-- platform/ ----------------------------------------------------------------------------------------------------------

-- Throws when `until` has passed: a statement that a caller has been told was not carried out is not carried out later.
CREATE FUNCTION continuo_in_time(until timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF clock_timestamp() > until THEN
    RAISE EXCEPTION 'the statement came too late' USING ERRCODE = 'query_canceled';
  END IF;
  RETURN true;
END $$;

-- sessions/ ----------------------------------------------------------------------------------------------------------

CREATE TABLE sessions (
  -- Derived from tenant, owner and context_id: the same context of another owner is another session.
  id uuid PRIMARY KEY,
  tenant text NOT NULL,
  owner text NOT NULL,
  -- What clients call it (A2A's contextId).
  context_id text NOT NULL,
  title text,
  metadata json,
  state jsonb NOT NULL DEFAULT '{}',
  last_seq bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  title_words tsvector GENERATED ALWAYS AS (to_tsvector('simple', left(coalesce(title, ''), 1000))) STORED
);
CREATE INDEX sessions_recent ON sessions (tenant, owner, updated_at DESC, id DESC);
CREATE INDEX sessions_title_words ON sessions USING gin (title_words);

CREATE TABLE messages (
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  seq bigint NOT NULL,
  message_id text NOT NULL,
  task_id uuid,
  agent text,
  -- The A2A Message as it went over the wire.
  message json NOT NULL,
  created_at timestamptz NOT NULL,
  words tsvector NOT NULL,
  -- How much the row says, so that no reader fetches more than it has room for: bytes of JSON, known without reading it.
  bytes int GENERATED ALWAYS AS (octet_length(message::text)) STORED,
  PRIMARY KEY (session_id, seq),
  UNIQUE (session_id, message_id)
);
CREATE INDEX messages_words ON messages USING gin (words);
CREATE INDEX messages_by_task ON messages (task_id);

-- Summaries of the older part of conversations; the messages themselves stay as they are.
CREATE TABLE session_checkpoints (
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  -- The last message that it sums up; the first is the session's first.
  up_to_seq bigint NOT NULL,
  summary text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (session_id, up_to_seq)
);

-- Sessions that their owners share with others of their tenant.
CREATE TABLE session_shares (
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  tenant text NOT NULL,
  -- With whom; whose it is stands in the session's row.
  owner text NOT NULL,
  access text NOT NULL CHECK (access IN ('read', 'write')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (session_id, owner)
);
CREATE INDEX session_shares_recent ON session_shares (tenant, owner, created_at DESC, session_id DESC);

-- tasks/ -------------------------------------------------------------------------------------------------------------

CREATE TABLE tasks (
  id uuid PRIMARY KEY,
  tenant text NOT NULL,
  owner text NOT NULL,
  agent text NOT NULL,
  -- The version of its agent that ran it last; null until its first run, and again when a retry begins it from the start.
  agent_version text,
  -- Its place in the order of versions (platform/version-order.ts).
  agent_rank text COLLATE "C",
  context_id text NOT NULL,
  -- The session it reads and writes; null when it runs stateless.
  session_id uuid,
  message_id text NOT NULL,
  title text NOT NULL,
  parent_id uuid,
  root_id uuid,
  -- Calls between the root of the tree and the task: 0 for a root.
  depth int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,

  state text NOT NULL CHECK (state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED',
                                       'COMPLETED', 'FAILED', 'CANCELED', 'REJECTED')),
  status_message json,
  status_at timestamptz NOT NULL,
  progress real,
  stage text,
  metadata json,
  -- What went wrong, for the owner: { message, name, step?, causes[] }.
  error json,
  -- How much of the row may be large: bytes of JSON, known without reading it.
  metadata_bytes int GENERATED ALWAYS AS (coalesce(octet_length(metadata::text), 0)) STORED,
  status_bytes int GENERATED ALWAYS AS (
    coalesce(octet_length(status_message::text), 0) + coalesce(octet_length(error::text), 0)
      + coalesce(octet_length(stage), 0)) STORED,
  -- The last seq of its event log, which is gap-free.
  last_seq bigint NOT NULL,

  -- The inputs that people gave, in the order in which the agent asked.
  answers jsonb NOT NULL DEFAULT '[]',
  -- Messages that came while it worked, for its agent to take.
  inbox jsonb NOT NULL DEFAULT '[]',
  -- The child whose question the task passes on; null for a task that doesn't wait, or asks a question of its own.
  waits_for uuid,
  -- When somebody answers in nobody's name, or a sleep is over; null for a task that waits for no moment.
  wakes_at timestamptz,

  -- Not before; null: at once.
  start_at timestamptz,
  -- It runs when that task has ended.
  blocked_by uuid,
  -- Among the tasks that wait for the same agent, lower goes first; null: the default.
  priority int,

  -- Ownership: only the run with this token may append, and what it appended last.
  run_token uuid,
  run_instance uuid,
  run_seq int NOT NULL DEFAULT 0,
  run_count int NOT NULL DEFAULT 0,
  -- What was finished when the task was last claimed: with more of them a run has not been in vain.
  run_reached int NOT NULL DEFAULT 0,
  -- How much the agent has said: a run that says more has got further.
  body_events int NOT NULL DEFAULT 0,
  -- Which instance is about to have the task run again, and since when; null once a run has claimed it.
  reviving_at timestamptz,
  reviving_by uuid,

  -- 1 for a new task; every retry begins the next.
  attempt int NOT NULL DEFAULT 1,
  -- The attempt that last began from the start: what earlier ones had made is not found again.
  origin int NOT NULL DEFAULT 1,
  -- When the last retry of the task began; null for a task that was never retried.
  retried_at timestamptz,

  -- Why the task is held, as its agent's code contradicts its journal: { finished, found, since }. Null for one that isn't.
  held json,
  -- The instances whose code does not fit: each tries once.
  held_by uuid[] NOT NULL DEFAULT '{}'
);
-- To clients every agent is a server of its own: the same message to two agents of a context makes a task of each.
CREATE UNIQUE INDEX tasks_by_message ON tasks (tenant, owner, context_id, message_id, agent);
-- A run that begins again finds its child by this id alone, also when the code names another agent now.
CREATE UNIQUE INDEX tasks_by_call ON tasks (tenant, owner, context_id, message_id) WHERE parent_id IS NOT NULL;
CREATE INDEX tasks_recent ON tasks (tenant, owner, status_at DESC, id DESC);
CREATE INDEX tasks_held ON tasks (tenant, owner, status_at DESC, id DESC) WHERE held IS NOT NULL;
CREATE INDEX tasks_by_agent ON tasks (tenant, owner, agent, status_at DESC, id DESC);
CREATE INDEX tasks_by_state ON tasks (tenant, owner, state, status_at DESC, id DESC);
CREATE INDEX tasks_by_parent ON tasks (parent_id, status_at DESC, id DESC) WHERE parent_id IS NOT NULL;
CREATE INDEX tasks_by_root ON tasks (root_id, status_at DESC, id DESC) WHERE root_id IS NOT NULL;
CREATE INDEX tasks_by_session ON tasks (session_id) WHERE session_id IS NOT NULL;
-- What the sweeper looks through: tasks that should be running. A task that sleeps is WORKING, in nobody's hands, and has
-- a time at which it wakes: until then it is not to be run.
CREATE INDEX tasks_to_run ON tasks (status_at) WHERE state IN ('SUBMITTED', 'WORKING') AND wakes_at IS NULL;
CREATE INDEX tasks_to_wake ON tasks (wakes_at) WHERE wakes_at IS NOT NULL;
CREATE INDEX tasks_blocked ON tasks (blocked_by) WHERE blocked_by IS NOT NULL;
CREATE INDEX tasks_waiting_for ON tasks (waits_for) WHERE waits_for IS NOT NULL;
-- What may have been left behind when a task above it ended.
CREATE INDEX tasks_active_children ON tasks (parent_id)
  WHERE parent_id IS NOT NULL AND state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED');

-- How many tasks the tree of a root has, the root included; roots that never called anything have no row.
CREATE TABLE task_trees (
  root_id uuid PRIMARY KEY,
  tasks int NOT NULL,
  -- As many as before the statement that wrote the row last: what may join is counted from there.
  before int NOT NULL
);

-- The truth. Append-only; the task row and its artifacts are projections of it, made in the same transaction.
-- No foreign key: only statements that hold the task's row insert here, and chunks come by the thousand.
CREATE TABLE task_events (
  task_id uuid NOT NULL,
  seq bigint NOT NULL,
  -- Deterministic within a task: what a repeated append would write again.
  key text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('task', 'statusUpdate', 'artifactUpdate')),
  artifact_id text,
  -- The member of A2A's StreamResponse named by `kind`.
  payload json NOT NULL,
  -- The message that this event adds to the task's history.
  message json,
  created_at timestamptz NOT NULL,
  bytes int GENERATED ALWAYS AS (octet_length(payload::text) + coalesce(octet_length(message::text), 0)) STORED,
  PRIMARY KEY (task_id, seq)
);
CREATE INDEX task_events_history ON task_events (task_id, seq) WHERE message IS NOT NULL;

-- An artifact is the range of chunks that the log holds for it; a chunk is never written twice.
CREATE TABLE artifacts (
  task_id uuid NOT NULL,
  artifact_id text NOT NULL,
  -- Where its present content begins: a chunk without `append` replaces what was there.
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  complete boolean NOT NULL,
  PRIMARY KEY (task_id, artifact_id)
);

-- One row for each append to a task: what streams over many tasks read, in the order in which it became visible.
-- A transaction's id is assigned before it commits, so readers stop at the oldest one that is still under way.
CREATE TABLE task_commits (
  -- The transaction, as the cluster counts them; in another cluster another epoch begins, which becomes the default.
  epoch bigint NOT NULL DEFAULT 1,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  tenant text NOT NULL,
  owner text NOT NULL,
  session_id uuid,
  task_id uuid NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL
);
CREATE INDEX task_commits_by_owner ON task_commits (tenant, owner, epoch, xid, task_id, last_seq);
CREATE INDEX task_commits_by_session ON task_commits (session_id, epoch, xid, task_id, last_seq)
  WHERE session_id IS NOT NULL;
CREATE INDEX task_commits_by_task ON task_commits (task_id);

-- Where the database has been: the last one is where it is.
CREATE TABLE commit_epochs (
  epoch bigint PRIMARY KEY,
  -- What tells the cluster, and the database in it, from others; empty until a server has looked.
  place text NOT NULL,
  began_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO commit_epochs (epoch, place) VALUES (1, '');

-- Tasks that were deleted while a run may not have noticed yet that it is over: what it still stores is cleared away.
CREATE TABLE erased_tasks (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now()
);

-- runs/ ----------------------------------------------------------------------------------------------------------------

-- What runs have finished, found again by name. It is written in the statement that appends to the log.
CREATE TABLE journal (
  task_id uuid NOT NULL,
  -- The attempt that last began from the start: another one begins with nothing.
  origin int NOT NULL,
  -- Derived from branch, lineage, kind, name and occurrence.
  key uuid NOT NULL,
  -- The order in which runs recorded it.
  seq int NOT NULL,
  branch text NOT NULL,
  lineage text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  occurrence int NOT NULL,
  -- Of what goes in; null where the name says it all.
  fingerprint text,
  failed boolean NOT NULL,
  -- JSON, as text: it is given back as it came. Null for undefined.
  result text,
  attempts int NOT NULL,
  started_at timestamptz NOT NULL,
  -- Null while it waits, for a time or a child; that of a question is its answer's matter.
  ended_at timestamptz,
  PRIMARY KEY (task_id, origin, key)
);

-- How far a task has got, by what a run finds done.
CREATE FUNCTION task_reached(task uuid) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT count(*)::int FROM journal WHERE task_id = task AND ended_at IS NOT NULL AND kind <> 'patch'
$$;

CREATE TABLE instances (
  id uuid PRIMARY KEY,
  host text NOT NULL,
  pid int NOT NULL,
  -- `{ "type/name": "version" }`; null for an instance that doesn't say, and is taken to run everything.
  agents jsonb,
  -- The number of the last migration that it knows.
  schema int NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL DEFAULT now(),
  heartbeat_at timestamptz NOT NULL DEFAULT now(),
  -- Set once, by whoever takes its tasks over: from then on it can claim nothing.
  lost_at timestamptz,
  -- Set together with lost_at by an instance that stops in order: its runs did not fail.
  left_at timestamptz
);

-- Which versions of which agents an instance can run.
CREATE TABLE instance_agents (
  agent text NOT NULL,
  version text NOT NULL,
  instance_id uuid NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
  rank text COLLATE "C" NOT NULL,
  -- Its tasks stay with this version as long as an instance has it.
  pinned boolean NOT NULL,
  PRIMARY KEY (agent, version, instance_id)
);
CREATE INDEX instance_agents_by_instance ON instance_agents (instance_id, agent);
CREATE INDEX instances_alive ON instances (heartbeat_at) WHERE lost_at IS NULL;

-- What `@A2AAgent({ schedules })` declares. A tick is over when its task is stored.
CREATE TABLE schedules (
  agent text NOT NULL,
  name text NOT NULL,
  -- Cron expression and time zone: when they change, the schedule begins anew.
  pattern text NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (agent, name)
);

-- calls/ -------------------------------------------------------------------------------------------------------------

-- Requests that came with an Idempotency-Key. Written before the effect, which is recognised by `id` when it is asked
-- for again.
CREATE TABLE idempotency_keys (
  tenant text NOT NULL,
  owner text NOT NULL,
  key text NOT NULL,
  -- What was asked for: the same key with another fingerprint is refused.
  fingerprint text NOT NULL,
  -- The id of what the request makes.
  id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, owner, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- webhooks/ ----------------------------------------------------------------------------------------------------------

-- Where events of tasks are sent to.
CREATE TABLE webhook_endpoints (
  id uuid PRIMARY KEY,
  tenant text NOT NULL,
  owner text NOT NULL,
  -- A push config of A2A belongs to one task, under an id of the client's; both null: a subscription.
  task_id uuid,
  config_id text,
  url text NOT NULL,
  description text,
  -- What it is told of; null: any.
  agents text[],
  -- TASK_STATE_…; events without a state are told to nobody who names one.
  states text[],
  context_ids text[],
  kinds text[] NOT NULL,
  -- Of a subscription, the newest first: { id, secret, expiresAt? }.
  secrets jsonb NOT NULL DEFAULT '[]',
  -- Of a push config.
  token text,
  auth_scheme text,
  auth_credentials text,
  -- The version of A2A in which it is told.
  wire_version text NOT NULL DEFAULT '1.0',
  -- `gone` has answered 410: nothing is recorded for it any more.
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'gone')),
  state_at timestamptz,
  state_reason text,
  -- Since when no delivery has succeeded; null: the last one has.
  failing_since timestamptz,
  -- The instance that delivers to it, and until when.
  claimed_by uuid,
  claimed_until timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (task_id, config_id)
);
CREATE INDEX webhook_subscriptions ON webhook_endpoints (tenant, owner, created_at DESC, id DESC) WHERE task_id IS NULL;

-- Each event that a webhook is to be told of, recorded in the transaction of its event.
CREATE TABLE webhook_deliveries (
  -- What the receiver sees as `webhook-id`, the same for every attempt.
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  position bigserial NOT NULL,
  tenant text NOT NULL,
  owner text NOT NULL,
  endpoint_id uuid NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
  -- The event that it reports; its payload is read from there.
  task_id uuid NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL,
  -- `dead`: every attempt has failed; `dropped`: the endpoint was gone.
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead', 'dropped')),
  attempts int NOT NULL DEFAULT 0,
  -- Attempts of the present series: a redelivery begins another.
  tries int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz,
  -- The request that asked for it again.
  redelivery_id uuid,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_deliveries_recent ON webhook_deliveries (tenant, owner, position DESC);
CREATE INDEX webhook_deliveries_by_task ON webhook_deliveries (task_id, position DESC);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, position DESC);
-- What is still to be sent: what has waited longest, and which of a task comes first, without looking at the rest.
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_at, position) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (endpoint_id, task_id, seq) WHERE status = 'pending';

CREATE TABLE webhook_attempts (
  delivery_id uuid NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
  number int NOT NULL,
  at timestamptz NOT NULL,
  -- The HTTP status; null when there was no answer.
  status int,
  latency_ms int NOT NULL,
  response text,
  error text,
  PRIMARY KEY (delivery_id, number)
);

-- Records what is to be delivered, in the transaction that writes the events; costs one look while there is no endpoint.
CREATE FUNCTION record_webhook_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM webhook_endpoints) THEN
    RETURN NULL;
  END IF;
  WITH recorded AS (
    INSERT INTO webhook_deliveries (tenant, owner, endpoint_id, task_id, seq, kind)
    SELECT t.tenant, t.owner, w.id, a.task_id, a.seq, a.kind
    FROM added a
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

CREATE TRIGGER task_events_webhooks AFTER INSERT ON task_events
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION record_webhook_deliveries();

-- Changes of webhooks go into the audit log in the transaction that makes them, whichever statement that is.
-- `updated_at` changes with what the owner does alone; attempts and claims leave it as it is.
-- Of the address the audit log keeps scheme, host and port alone: path and query may be secrets.
CREATE FUNCTION record_webhook_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed webhook_endpoints := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  INSERT INTO audit_log (tenant, owner, action, subject, details)
  VALUES (changed.tenant, changed.owner,
          CASE TG_OP WHEN 'INSERT' THEN 'webhook.created' WHEN 'UPDATE' THEN 'webhook.changed' ELSE 'webhook.deleted' END,
          changed.id::text,
          json_strip_nulls(json_build_object(
            'origin', substring(changed.url from '^[A-Za-z]+://[^/\\?#]+'), 'state', changed.state, 'taskId', changed.task_id)));
  RETURN NULL;
END
$$;

CREATE TRIGGER webhook_endpoints_audit AFTER INSERT OR DELETE OR UPDATE OF updated_at ON webhook_endpoints
FOR EACH ROW EXECUTE FUNCTION record_webhook_audit();

-- auth/ --------------------------------------------------------------------------------------------------------------

-- Who may come in, and for whom.
CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  -- The part of the key that is shown, and by which it is found.
  prefix text NOT NULL UNIQUE,
  -- SHA-256 of the whole key, which is nowhere else.
  hash bytea NOT NULL,
  tenant text NOT NULL,
  owner text NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL,
  -- The agents that it is for, as `type/name`; null: all, and everything beside them.
  agents text[],
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  -- To the minute.
  last_used_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_keys_by_tenant ON api_keys (tenant, id DESC);

-- Who changed or deleted what others rely on.
CREATE TABLE audit_log (
  id bigserial PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  tenant text NOT NULL,
  -- Who did it; null: the server, by policy.
  owner text,
  -- What was done to what: `session.deleted`.
  action text NOT NULL,
  subject text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_by_tenant ON audit_log (tenant, id DESC);
CREATE INDEX audit_log_by_age ON audit_log (at);

-- retention/ ---------------------------------------------------------------------------------------------------------

-- How long a tenant wants things kept, where it is otherwise than the server's configuration says.
CREATE TABLE retention_policies (
  tenant text NOT NULL,
  what text NOT NULL CHECK (what IN ('sessions', 'tasks', 'idempotency-keys', 'deliveries', 'audit')),
  -- 0: kept forever.
  days int NOT NULL CHECK (days >= 0),
  PRIMARY KEY (tenant, what)
);
