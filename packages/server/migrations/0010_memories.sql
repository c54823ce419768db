-- breaking: no
-- What agents keep of their users beyond a session, and how far the sessions have been gone through for it.

CREATE TABLE memories (
  id uuid PRIMARY KEY,
  tenant text NOT NULL,
  owner text NOT NULL,
  -- `type/name` of the agent that it is for.
  agent text NOT NULL,
  kind text NOT NULL,
  text text NOT NULL,
  -- Where it was said: it goes with that session. Null: its owner has written it down.
  session_id uuid REFERENCES sessions ON DELETE CASCADE,
  -- What clients call the session.
  context_id text,
  message_id text,
  -- Each behind the mark of the owner.
  words tsvector NOT NULL,
  -- Of the text, as the model `embedded_by` has it; null until there is one. No `vector`: that type may not be there.
  embedding real[],
  embedded_by text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX memories_recent ON memories (tenant, owner, updated_at DESC, id DESC);
CREATE INDEX memories_of_agent ON memories (tenant, owner, agent, updated_at DESC, id DESC);
CREATE INDEX memories_by_session ON memories (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX memories_words ON memories USING gin (words) WITH (gin_pending_list_limit = 256);
CREATE INDEX memories_not_embedded ON memories (created_at) WHERE embedding IS NULL;

-- Sessions in which an agent with memory was spoken to.
CREATE TABLE memory_sources (
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  agent text NOT NULL,
  tenant text NOT NULL,
  owner text NOT NULL,
  context_id text NOT NULL,
  -- The last message of the session that was gone through.
  drawn_seq bigint NOT NULL,
  -- How often there was something new: each time has a task of its own.
  round int NOT NULL,
  -- When the next task begins; null: nothing is new.
  due_at timestamptz,
  PRIMARY KEY (session_id, agent)
) WITH (fillfactor = 70);
CREATE INDEX memory_sources_due ON memory_sources (due_at) WHERE due_at IS NOT NULL;

ALTER TABLE retention_policies DROP CONSTRAINT retention_policies_what_check;
ALTER TABLE retention_policies ADD CONSTRAINT retention_policies_what_check
  CHECK (what IN ('sessions', 'tasks', 'idempotency-keys', 'deliveries', 'audit', 'memories'));
