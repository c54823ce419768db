-- breaking: no
-- Which version of its agent a task has run with, and which versions an instance can run.

-- The version that ran it last; null until its first run, and again when a retry begins it from the start.
ALTER TABLE tasks ADD COLUMN agent_version text;
-- Its place in the order of versions (platform/version-order.ts).
ALTER TABLE tasks ADD COLUMN agent_rank text COLLATE "C";

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
