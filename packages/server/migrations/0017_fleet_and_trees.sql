-- Which agents an instance can run, and how deep and how large the trees of tasks are that call each other.

-- `{ "type/name": "version" }`; null for an instance of an older version, which doesn't say.
ALTER TABLE instances ADD COLUMN agents jsonb;

-- Calls between the root of the tree and the task: 0 for a root.
ALTER TABLE tasks ADD COLUMN depth int NOT NULL DEFAULT 0;
-- When the last retry of the task began; null for a task that was never retried.
ALTER TABLE tasks ADD COLUMN retried_at timestamptz;

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
INSERT INTO task_trees (root_id, tasks, before)
SELECT root_id, count(*) + 1, count(*) + 1 FROM tasks WHERE root_id IS NOT NULL GROUP BY root_id;
