-- Tasks that ask people what their children ask.

-- The child whose question the task passes on; null for a task that doesn't wait, or asks a question of its own.
ALTER TABLE tasks ADD COLUMN waits_for uuid;
CREATE INDEX tasks_waiting_for ON tasks (waits_for) WHERE waits_for IS NOT NULL;
