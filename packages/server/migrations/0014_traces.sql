-- breaking: no
-- What a task's trace shows beside its journal: its earlier runs, what went into operations, how attempts failed, and what its agent logged.

ALTER TABLE journal
  -- The number of the run that recorded it; null for what older versions recorded.
  ADD COLUMN run int,
  -- `tool` or `remote`; null for all else.
  ADD COLUMN shown_as text,
  -- JSON, cut at 64 KiB; null where nothing is known.
  ADD COLUMN input text,
  -- JSON: the attempts of a step that failed, those alike together.
  ADD COLUMN tries text;

ALTER TABLE tasks
  -- Runs before the last one, which is in the row itself.
  ADD COLUMN earlier_runs int NOT NULL DEFAULT 0,
  -- Null for the run that began with the task.
  ADD COLUMN run_began_at timestamptz,
  -- When the run let go of the task without ending it, and why: `asked`, `waits`, `held`, `released`. Null while it goes on.
  ADD COLUMN run_ended_at timestamptz,
  ADD COLUMN run_end text;

ALTER TABLE model_calls
  -- The key of the step in which it was made; null outside of every step.
  ADD COLUMN step uuid,
  ADD COLUMN started_at timestamptz,
  ADD COLUMN finish_reason text,
  -- JSON, cut at 64 KiB; only where prompts may be kept.
  ADD COLUMN prompt text;

-- Runs of tasks that were followed by another one: written when that begins.
CREATE TABLE task_runs (
  task_id uuid NOT NULL,
  -- From 1.
  number int NOT NULL,
  attempt int NOT NULL,
  instance uuid NOT NULL,
  version text,
  -- Null for a run that began with the task.
  began_at timestamptz,
  -- When it let go of its task, or its instance was lost or left.
  ended_at timestamptz,
  -- As in `tasks.run_end`, or `lost`, `left`, or the state that the task had ended with before it was retried.
  ending text,
  PRIMARY KEY (task_id, number)
);

-- How tasks have failed.
CREATE TABLE task_failures (
  task_id uuid NOT NULL,
  attempt int NOT NULL,
  tenant text NOT NULL,
  owner text NOT NULL,
  agent text NOT NULL,
  at timestamptz NOT NULL,
  -- The same for errors of the same kind from the same place.
  fingerprint text NOT NULL,
  name text NOT NULL,
  message text NOT NULL,
  -- `file:line`, in the project's own code.
  place text,
  step text,
  -- With causes and stacks.
  report json NOT NULL,
  PRIMARY KEY (task_id, attempt)
);
CREATE INDEX task_failures_by_owner ON task_failures (tenant, owner, at);

-- What agents logged: lines of one commit lie together.
CREATE TABLE task_logs (
  task_id uuid NOT NULL,
  -- The number of the first line, from 1 in each task.
  first_line int NOT NULL,
  tenant text NOT NULL,
  owner text NOT NULL,
  -- The number of the run that logged them.
  run int NOT NULL,
  -- An array of lines.
  lines json NOT NULL,
  -- Of each line under which a run finds it again.
  keys text[] NOT NULL,
  -- Lines that the run had no room for until then.
  dropped int NOT NULL,
  bytes int GENERATED ALWAYS AS (octet_length(lines::text)) STORED,
  PRIMARY KEY (task_id, first_line)
);
CREATE INDEX task_logs_by_owner ON task_logs (tenant, owner) INCLUDE (bytes);
