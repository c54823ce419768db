-- Webhooks: where events of tasks are sent to, and each delivery, recorded in the transaction of its event.

CREATE TABLE webhook_endpoints (
  id uuid PRIMARY KEY,
  tenant text NOT NULL,
  owner text NOT NULL,
  -- A push config of A2A belongs to one task, under an id of the client's; both null: a subscription.
  task_id uuid,
  config_id text,
  url text NOT NULL,
  description text,
  -- What it is told of; null: any.
  agents text[],
  -- TASK_STATE_…; events without a state are told to nobody who names one.
  states text[],
  context_ids text[],
  kinds text[] NOT NULL,
  -- Of a subscription, the newest first: { id, secret, expiresAt? }.
  secrets jsonb NOT NULL DEFAULT '[]',
  -- Of a push config.
  token text,
  auth_scheme text,
  auth_credentials text,
  -- The version of A2A in which it is told.
  wire_version text NOT NULL DEFAULT '1.0',
  -- `gone` has answered 410: nothing is recorded for it any more.
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'gone')),
  state_at timestamptz,
  state_reason text,
  -- Since when no delivery has succeeded; null: the last one has.
  failing_since timestamptz,
  -- The instance that delivers to it, and until when.
  claimed_by uuid,
  claimed_until timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (task_id, config_id)
);
CREATE INDEX webhook_subscriptions ON webhook_endpoints (tenant, owner, created_at DESC, id DESC) WHERE task_id IS NULL;

CREATE TABLE webhook_deliveries (
  -- What the receiver sees as `webhook-id`, the same for every attempt.
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  position bigserial NOT NULL,
  tenant text NOT NULL,
  owner text NOT NULL,
  endpoint_id uuid NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
  -- The event that it reports; its payload is read from there.
  task_id uuid NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL,
  -- `dead`: every attempt has failed; `dropped`: the endpoint was gone.
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead', 'dropped')),
  attempts int NOT NULL DEFAULT 0,
  -- Attempts of the present series: a redelivery begins another.
  tries int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz,
  -- The request that asked for it again.
  redelivery_id uuid,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_deliveries_recent ON webhook_deliveries (tenant, owner, position DESC);
CREATE INDEX webhook_deliveries_by_task ON webhook_deliveries (task_id, position DESC);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, position DESC);
-- What is still to be sent: by endpoint, in order, and which of a task comes first.
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (endpoint_id, next_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (endpoint_id, task_id, seq) WHERE status = 'pending';

CREATE TABLE webhook_attempts (
  delivery_id uuid NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
  number int NOT NULL,
  at timestamptz NOT NULL,
  -- The HTTP status; null when there was no answer.
  status int,
  latency_ms int NOT NULL,
  response text,
  error text,
  PRIMARY KEY (delivery_id, number)
);

-- Records what is to be delivered, in the transaction that writes the events; costs one look while there is no endpoint.
CREATE FUNCTION record_webhook_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
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
      AND (w.states IS NULL OR a.payload->'status'->>'state' = ANY (w.states))
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

CREATE TRIGGER task_events_webhooks AFTER INSERT ON task_events
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION record_webhook_deliveries();
