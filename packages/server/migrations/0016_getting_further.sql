-- Runs that were started in vain are told from those that got further, and from those that their instance handed over.

-- Finished steps and children when the task was last claimed: with more of them a run has not been in vain.
ALTER TABLE tasks ADD COLUMN run_reached int NOT NULL DEFAULT 0;

-- Set together with lost_at by an instance that stops in order: its runs did not fail.
ALTER TABLE instances ADD COLUMN left_at timestamptz;

-- How far a task has got, by what a run finds done. The engine's own tables come with its first start.
CREATE FUNCTION task_reached(task uuid) RETURNS int LANGUAGE plpgsql STABLE AS $$
DECLARE
  children int;
  steps int := 0;
BEGIN
  SELECT count(*) INTO children FROM tasks
  WHERE parent_id = task AND state IN ('COMPLETED', 'FAILED', 'CANCELED', 'REJECTED');
  IF to_regclass('dbos.operation_outputs') IS NOT NULL THEN
    SELECT count(*) INTO steps FROM dbos.operation_outputs WHERE workflow_uuid = task::text;
  END IF;
  RETURN children + steps;
END $$;

-- A task that sleeps is WORKING, in nobody's hands, and has a time at which it wakes: until then it is not to be run.
DROP INDEX tasks_to_run;
CREATE INDEX tasks_to_run ON tasks (status_at) WHERE state IN ('SUBMITTED', 'WORKING') AND wakes_at IS NULL;
