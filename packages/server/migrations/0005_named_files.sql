-- breaking: no
-- Which further sessions name a file in a message: it stays as long as one of them does.

CREATE TABLE file_sessions (
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  file_id uuid NOT NULL REFERENCES files ON DELETE CASCADE,
  PRIMARY KEY (session_id, file_id)
);
CREATE INDEX file_sessions_by_file ON file_sessions (file_id);

-- A file of a session that goes moves to another one that names it, unless that goes at the same moment.
CREATE FUNCTION keep_named_files() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  named uuid;
BEGIN
  FOR named IN
    SELECT DISTINCT f.id FROM files f JOIN file_sessions n ON n.file_id = f.id
    WHERE f.session_id = OLD.id AND n.session_id <> OLD.id
  LOOP
    UPDATE files f SET session_id = next.id, context_id = next.context_id
    FROM (SELECT s.id, s.context_id FROM file_sessions n JOIN sessions s ON s.id = n.session_id
          WHERE n.file_id = named AND s.id <> OLD.id LIMIT 1 FOR KEY SHARE OF s SKIP LOCKED) next
    WHERE f.id = named;
  END LOOP;
  RETURN OLD;
END
$$;

CREATE TRIGGER sessions_keep_named_files BEFORE DELETE ON sessions
FOR EACH ROW EXECUTE FUNCTION keep_named_files();
