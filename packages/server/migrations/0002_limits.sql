-- When a task may begin and before which others, and the last tick of each schedule.

ALTER TABLE tasks
  -- Not before; null: at once.
  ADD COLUMN start_at timestamptz,
  -- Among the tasks that wait for the same agent, lower goes first; null: the default.
  ADD COLUMN priority int;

-- What `@A2AAgent({ schedules })` declares. A tick is over when its task is stored.
CREATE TABLE schedules (
  agent text NOT NULL,
  name text NOT NULL,
  -- Cron expression and time zone: when they change, the schedule begins anew.
  pattern text NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (agent, name)
);
