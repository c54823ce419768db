-- breaking: no
-- What the card of a connected agent said when an administrator last saw it: what it says otherwise since is shown.

ALTER TABLE external_agents
  -- Of the whole card. Null: an older version has connected the agent, and nobody has read its card since.
  ADD COLUMN known_digest text,
  -- A JSON object of texts: field by field, long ones cut.
  ADD COLUMN known_fields jsonb,
  ADD COLUMN known_at timestamptz;
