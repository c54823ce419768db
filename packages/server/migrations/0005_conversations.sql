-- Several messages in one conversation: tasks that wait for the one before them, and messages to a task that is working.
ALTER TABLE tasks
  -- It runs when that task has ended.
  ADD COLUMN blocked_by uuid,
  -- Messages that came while it worked, for its agent to take.
  ADD COLUMN inbox jsonb NOT NULL DEFAULT '[]';
CREATE INDEX tasks_blocked ON tasks (blocked_by) WHERE blocked_by IS NOT NULL;
