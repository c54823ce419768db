-- breaking: no
-- Among the states of a webhook, HELD means events that say whether a task is held: null where it is held no more.
CREATE OR REPLACE FUNCTION record_webhook_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM webhook_endpoints) THEN
    RETURN NULL;
  END IF;
  WITH recorded AS (
    INSERT INTO webhook_deliveries (tenant, owner, endpoint_id, task_id, seq, kind)
    SELECT t.tenant, t.owner, w.id, a.task_id, a.seq, a.kind
    FROM added a
    JOIN tasks t ON t.id = a.task_id
    CROSS JOIN LATERAL (
      SELECT * FROM webhook_endpoints WHERE task_id = a.task_id AND tenant = t.tenant AND owner = t.owner
      UNION ALL
      SELECT * FROM webhook_endpoints WHERE task_id IS NULL AND tenant = t.tenant AND owner = t.owner
    ) w
    WHERE w.state <> 'gone'
      AND a.kind = ANY (w.kinds)
      AND (w.agents IS NULL OR t.agent = ANY (w.agents))
      AND (w.context_ids IS NULL OR t.context_id = ANY (w.context_ids))
      AND (w.states IS NULL OR a.payload->'status'->>'state' = ANY (w.states)
           OR ('HELD' = ANY (w.states) AND a.kind = 'statusUpdate'
               AND a.payload->'metadata'->'urn:continuo:a2a:held:v1' IS NOT NULL))
    ORDER BY a.task_id, a.seq
    RETURNING endpoint_id
  )
  -- NOTIFY carries fewer than 8000 bytes; `*` stands for any.
  SELECT CASE WHEN count(DISTINCT endpoint_id) > 200 THEN '*' ELSE string_agg(DISTINCT endpoint_id::text, ',') END
  INTO told FROM recorded;
  IF told IS NOT NULL THEN
    PERFORM pg_notify('continuo_webhooks', told);
  END IF;
  RETURN NULL;
END
$$;
