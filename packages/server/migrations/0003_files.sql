-- breaking: no
-- Files that callers upload: what is known of each, and its content in pieces where that lies in PostgreSQL.

CREATE TABLE files (
  id uuid PRIMARY KEY,
  tenant text NOT NULL,
  owner text NOT NULL,
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  -- What clients call the session.
  context_id text NOT NULL,
  name text NOT NULL,
  media_type text NOT NULL,
  -- Where its content lies: postgres, or s3://bucket/key.
  place text NOT NULL,
  -- Of the whole content, as far as the client has said; null while that isn't known.
  length bigint,
  -- What is stored of it.
  bytes bigint NOT NULL DEFAULT 0,
  -- Of the whole content, in hexadecimal; null until it is there.
  sha256 text,
  -- The request that adds to it, or was the last to: no other adds anything.
  writer uuid NOT NULL,
  -- What the storage knows the unfinished upload by, where it has a name for it.
  multipart text,
  created_at timestamptz NOT NULL,
  -- When something was last added.
  touched_at timestamptz NOT NULL,
  -- Null: an upload that may be continued, and no file.
  completed_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX files_recent ON files (tenant, owner, created_at DESC, id DESC);
CREATE INDEX files_by_session ON files (session_id, created_at DESC, id DESC);
CREATE INDEX files_unfinished ON files (created_at) WHERE completed_at IS NULL;

-- No foreign key: a large file would take a session's deletion minutes. What remains of a deleted file is in removed_files.
CREATE TABLE file_pieces (
  file_id uuid NOT NULL,
  -- The place of its first byte in the file.
  first bigint NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (file_id, first)
);
-- Neither compressed nor read as a whole: a part of a piece costs that part.
ALTER TABLE file_pieces ALTER COLUMN content SET STORAGE EXTERNAL;

-- Deleted files whose content is still to be removed.
CREATE TABLE removed_files (
  file_id uuid PRIMARY KEY,
  place text NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX removed_files_due ON removed_files (due_at);

CREATE FUNCTION remember_removed_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO removed_files (file_id, place) VALUES (OLD.id, OLD.place) ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE TRIGGER files_removed AFTER DELETE ON files
FOR EACH ROW EXECUTE FUNCTION remember_removed_file();
