-- breaking: no
-- The keys that agent cards and webhooks are signed with, when the environment names none. One row signs at a time.

CREATE TABLE signing_keys (
  -- From 1; the one with the highest number whose time has come signs.
  number int PRIMARY KEY,
  -- A JWK with its kid and alg.
  private_key jsonb NOT NULL,
  -- It is published before, so that whoever verifies knows it by then.
  signs_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL
);
