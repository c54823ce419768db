-- breaking: no
-- Calls of language models that broke off are counted, by an estimate; refresh tokens that are replaced with each use are kept.

-- Whether the provider said less than all of what the call took, so that the rest is estimated.
ALTER TABLE model_calls ADD COLUMN estimated boolean NOT NULL DEFAULT false;
ALTER TABLE usage_days ADD COLUMN estimated_calls bigint NOT NULL DEFAULT 0;

-- The newest refresh token of a client of an authorization server, where each use replaces it. Nobody's data: the
-- client is in the configuration.
CREATE TABLE refresh_tokens (
  -- A hash of what is configured: who configures another token begins with that.
  id text PRIMARY KEY,
  -- Encrypted with a key that is made of what is configured, and stored nowhere. Null: the configured one is the newest.
  token text,
  -- Until then one process alone uses it, as two at once would be taken for a thief and the client.
  leased_until timestamptz,
  updated_at timestamptz NOT NULL
);
