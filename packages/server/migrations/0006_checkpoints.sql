-- Summaries of the older part of conversations; the messages themselves stay as they are.
CREATE TABLE session_checkpoints (
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  -- The last message that it sums up; the first is the session's first.
  up_to_seq bigint NOT NULL,
  summary text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (session_id, up_to_seq)
);
