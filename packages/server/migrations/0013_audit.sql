-- Changes of webhooks go into the audit log in the transaction that makes them, whichever statement that is.
-- `updated_at` changes with what the owner does alone; attempts and claims leave it as it is.

CREATE FUNCTION record_webhook_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed webhook_endpoints := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  INSERT INTO audit_log (tenant, owner, action, subject, details)
  VALUES (changed.tenant, changed.owner,
          CASE TG_OP WHEN 'INSERT' THEN 'webhook.created' WHEN 'UPDATE' THEN 'webhook.changed' ELSE 'webhook.deleted' END,
          changed.id::text,
          json_strip_nulls(json_build_object('url', changed.url, 'state', changed.state, 'taskId', changed.task_id)));
  RETURN NULL;
END
$$;

CREATE TRIGGER webhook_endpoints_audit AFTER INSERT OR DELETE OR UPDATE OF updated_at ON webhook_endpoints
FOR EACH ROW EXECUTE FUNCTION record_webhook_audit();
