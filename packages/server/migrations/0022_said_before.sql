-- breaking: no
-- A task that another one has called is told the same of its session in each of its runs: what was said before the call.

ALTER TABLE tasks
  -- The last message of the session when it was called, by its number; null for a task whose own message is there.
  ADD COLUMN said_before bigint;
