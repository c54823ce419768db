-- breaking: no
-- Runs of agents with limits wait for a place here, and keep it until they end. Before, DBOS held them back: its schema `dbos` is not used any more.

-- How much of an agent may run, as the instance that started last says. Whoever hands places out locks the agent's row.
CREATE TABLE agent_limits (
  agent text PRIMARY KEY,
  per_instance bigint,
  total bigint,
  -- So many runs begin within so many milliseconds.
  rate_tasks bigint,
  rate_ms bigint
);

CREATE TABLE queued_runs (
  task_id uuid PRIMARY KEY,
  agent text NOT NULL,
  -- Lower goes first.
  priority integer NOT NULL,
  queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Null while it waits.
  begun_at timestamptz,
  begun_by uuid,
  -- Its place is free again.
  ended_at timestamptz
);

CREATE INDEX queued_runs_waiting ON queued_runs (agent, priority, queued_at, task_id) WHERE begun_at IS NULL;
CREATE INDEX queued_runs_begun ON queued_runs (agent, begun_at) WHERE begun_at IS NOT NULL;
