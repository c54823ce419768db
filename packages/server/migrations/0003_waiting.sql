-- Questions that expire, tasks that are tried again, and requests that are made twice.

-- When somebody answers in nobody's name; null for a task that doesn't wait, or waits without limit.
ALTER TABLE tasks ADD COLUMN wakes_at timestamptz;
CREATE INDEX tasks_to_wake ON tasks (wakes_at) WHERE wakes_at IS NOT NULL;

-- 1 for a new task; every retry begins the next.
ALTER TABLE tasks ADD COLUMN attempt int NOT NULL DEFAULT 1;
-- The attempt that last began from the start: what earlier ones had made is not found again.
ALTER TABLE tasks ADD COLUMN origin int NOT NULL DEFAULT 1;
-- Where the run of a new attempt begins, until it has begun: { from: 'start' } or { from: 'failed-step', step?, message? }.
ALTER TABLE tasks ADD COLUMN rewind json;

-- Requests that came with an Idempotency-Key. Written before the effect, which is recognised by `id` when it is asked
-- for again.
CREATE TABLE idempotency_keys (
  tenant text NOT NULL,
  owner text NOT NULL,
  key text NOT NULL,
  -- What was asked for: the same key with another fingerprint is refused.
  fingerprint text NOT NULL,
  -- The id of what the request makes.
  id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, owner, key)
);
