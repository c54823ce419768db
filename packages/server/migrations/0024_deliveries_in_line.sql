-- breaking: no
-- A delivery behind another one of its task may be put off until it is its turn: nothing that looks for what is due meets it
-- before. What it waits for is over when its status changes, whoever changes it.

CREATE FUNCTION continue_webhook_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Some at once: they are sent one after the other, without a look for each.
  UPDATE webhook_deliveries d SET next_at = now()
  FROM (SELECT DISTINCT b.endpoint_id, b.task_id FROM before b JOIN after a ON a.id = b.id
        WHERE b.status = 'pending' AND a.status <> 'pending') over
  CROSS JOIN LATERAL (
    SELECT p.next_at FROM webhook_deliveries p
    WHERE p.endpoint_id = over.endpoint_id AND p.task_id = over.task_id AND p.status = 'pending' ORDER BY p.seq LIMIT 1) head
  CROSS JOIN LATERAL (
    SELECT p.id FROM webhook_deliveries p
    WHERE head.next_at = '9999-12-31Z'
      AND p.endpoint_id = over.endpoint_id AND p.task_id = over.task_id AND p.status = 'pending' ORDER BY p.seq LIMIT 40) line
  WHERE d.id = line.id AND d.next_at = '9999-12-31Z';
  RETURN NULL;
END
$$;

CREATE TRIGGER webhook_deliveries_in_line AFTER UPDATE ON webhook_deliveries
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION continue_webhook_deliveries();
