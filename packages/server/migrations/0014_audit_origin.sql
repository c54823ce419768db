-- Of the address of a webhook the audit log keeps scheme, host and port alone: path and query may be secrets.

CREATE OR REPLACE FUNCTION record_webhook_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed webhook_endpoints := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  INSERT INTO audit_log (tenant, owner, action, subject, details)
  VALUES (changed.tenant, changed.owner,
          CASE TG_OP WHEN 'INSERT' THEN 'webhook.created' WHEN 'UPDATE' THEN 'webhook.changed' ELSE 'webhook.deleted' END,
          changed.id::text,
          json_strip_nulls(json_build_object(
            'origin', substring(changed.url from '^[A-Za-z]+://[^/\\?#]+'), 'state', changed.state, 'taskId', changed.task_id)));
  RETURN NULL;
END
$$;

UPDATE audit_log
SET details = jsonb_strip_nulls(
  details - 'url' || jsonb_build_object('origin', substring(details ->> 'url' from '^[A-Za-z]+://[^/\\?#]+')))
WHERE action LIKE 'webhook.%' AND details ? 'url';
