-- API keys: who may come in, and for whom.

CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  -- The part of the key that is shown, and by which it is found.
  prefix text NOT NULL UNIQUE,
  -- SHA-256 of the whole key, which is nowhere else.
  hash bytea NOT NULL,
  tenant text NOT NULL,
  owner text NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL,
  -- The agents that it is for, as `type/name`; null: all, and everything beside them.
  agents text[],
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  -- To the minute.
  last_used_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_keys_by_tenant ON api_keys (tenant, id DESC);
