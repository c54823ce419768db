-- Sessions and their messages, tasks with their event log and artifacts, and the instances that run them.
-- Every row belongs to a tenant and an owner; every list that the API offers has an index that serves it.

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
  PRIMARY KEY (session_id, seq),
  UNIQUE (session_id, message_id)
);
CREATE INDEX messages_words ON messages USING gin (words);
CREATE INDEX messages_by_task ON messages (task_id);

CREATE TABLE tasks (
  id uuid PRIMARY KEY,
  tenant text NOT NULL,
  owner text NOT NULL,
  agent text NOT NULL,
  context_id text NOT NULL,
  -- The session it reads and writes; null when it runs stateless.
  session_id uuid,
  message_id text NOT NULL,
  title text NOT NULL,
  parent_id uuid,
  root_id uuid,
  state text NOT NULL CHECK (state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED',
                                       'COMPLETED', 'FAILED', 'CANCELED', 'REJECTED')),
  status_message json,
  status_at timestamptz NOT NULL,
  progress real,
  stage text,
  metadata json,
  -- What went wrong, for the owner: { message, name, step?, causes[] }.
  error json,
  -- The inputs that people gave, in the order in which the agent asked.
  answers jsonb NOT NULL DEFAULT '[]',
  -- The last seq of its event log, which is gap-free.
  last_seq bigint NOT NULL,
  -- Ownership: only the run with this token may append, and what it appended last.
  run_token uuid,
  run_instance uuid,
  run_seq int NOT NULL DEFAULT 0,
  run_count int NOT NULL DEFAULT 0,
  -- Events that the body of the agent has emitted: a recovered run leaves out as many.
  body_events int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  -- A message makes one task; also finds the tasks of a context.
  UNIQUE (tenant, owner, context_id, message_id)
);
CREATE INDEX tasks_recent ON tasks (tenant, owner, status_at DESC, id DESC);
CREATE INDEX tasks_by_agent ON tasks (tenant, owner, agent, status_at DESC, id DESC);
CREATE INDEX tasks_by_state ON tasks (tenant, owner, state, status_at DESC, id DESC);
CREATE INDEX tasks_by_parent ON tasks (parent_id, status_at DESC, id DESC) WHERE parent_id IS NOT NULL;
CREATE INDEX tasks_by_root ON tasks (root_id, status_at DESC, id DESC) WHERE root_id IS NOT NULL;
CREATE INDEX tasks_by_session ON tasks (session_id) WHERE session_id IS NOT NULL;
-- What the sweeper looks through: tasks that should be running.
CREATE INDEX tasks_to_run ON tasks (status_at) WHERE state IN ('SUBMITTED', 'WORKING');

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

CREATE TABLE instances (
  id uuid PRIMARY KEY,
  host text NOT NULL,
  pid int NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  heartbeat_at timestamptz NOT NULL DEFAULT now(),
  -- Set once, by whoever takes its tasks over: from then on it can claim nothing.
  lost_at timestamptz
);
CREATE INDEX instances_alive ON instances (heartbeat_at) WHERE lost_at IS NULL;
