-- How long things are kept, and who changed or deleted what others rely on.

-- What a tenant wants otherwise than the server's configuration says.
CREATE TABLE retention_policies (
  tenant text NOT NULL,
  what text NOT NULL CHECK (what IN ('sessions', 'tasks', 'idempotency-keys', 'deliveries', 'audit')),
  -- 0: kept forever.
  days int NOT NULL CHECK (days >= 0),
  PRIMARY KEY (tenant, what)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE audit_log (
  id bigserial PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  tenant text NOT NULL,
  -- Who did it; null: the server, by policy.
  owner text,
  -- What was done to what: `session.deleted`.
  action text NOT NULL,
  subject text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_by_tenant ON audit_log (tenant, id DESC);
CREATE INDEX audit_log_by_age ON audit_log (at);

-- Tasks that were deleted while a run may not have noticed yet that it is over: what it still stores is cleared away.
CREATE TABLE erased_tasks (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now()
);
