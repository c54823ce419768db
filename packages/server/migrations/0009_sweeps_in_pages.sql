-- breaking: no
-- transaction: no
-- Sweeps look at the tasks that may have to run page by page.
DROP INDEX CONCURRENTLY IF EXISTS tasks_to_sweep;
CREATE INDEX CONCURRENTLY tasks_to_sweep ON tasks (status_at, id) WHERE state IN ('SUBMITTED', 'WORKING') AND wakes_at IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS tasks_to_run;
