-- breaking: no
-- transaction: no
-- How many tasks wait for an answer is counted without looking at all others.
DROP INDEX CONCURRENTLY IF EXISTS tasks_asking;
CREATE INDEX CONCURRENTLY tasks_asking ON tasks (agent, state) WHERE state IN ('INPUT_REQUIRED', 'AUTH_REQUIRED');
