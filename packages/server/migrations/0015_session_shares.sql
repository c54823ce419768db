-- Sessions that their owners share with others of their tenant.
CREATE TABLE session_shares (
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  tenant text NOT NULL,
  -- With whom; whose it is stands in the session's row.
  owner text NOT NULL,
  access text NOT NULL CHECK (access IN ('read', 'write')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (session_id, owner)
);
CREATE INDEX session_shares_recent ON session_shares (tenant, owner, created_at DESC, session_id DESC);
