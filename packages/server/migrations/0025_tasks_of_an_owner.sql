-- breaking: no
-- How many tasks of an owner have not ended, without what these call; `most` is enough. Whoever opens tasks within a quota asks
-- in the statement that opens them: until that has ended nobody else of the same owner gets an answer, and it counts what was
-- committed by then. So it is volatile: each of its statements sees more than the one that calls it.

CREATE FUNCTION continuo_active_tasks(whose_tenant text, whose_owner text, most int) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('tasks of ' || json_build_array(whose_tenant, whose_owner)::text, 0));
  RETURN (
    SELECT count(*) FROM (
      SELECT 1 FROM tasks WHERE tenant = whose_tenant AND owner = whose_owner AND parent_id IS NULL
        AND state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED') LIMIT most) active);
END
$$;
