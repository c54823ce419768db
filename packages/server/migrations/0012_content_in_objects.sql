-- breaking: yes
-- Large content of the log may lie in the storage of files: a page then says in which object, and who reads it has to look there.

-- { id, place, bytes, parts }. `place`: s3://bucket/key. `bytes`: of the event with its content. `parts`: for each part of
-- the artifact where its content begins in the object, and its bytes; null for one whose content is in `payload`.
-- In `payload` the object's id stands for what is in the object.
ALTER TABLE task_pages ADD COLUMN object json;

CREATE OR REPLACE VIEW task_events AS
SELECT p.task_id, p.first_seq + e.n - 1 AS seq, p.keys[e.n::int] AS key,
  CASE WHEN p.first_seq + e.n = 2 THEN 'task' WHEN e.outline->'artifact' IS NULL THEN 'statusUpdate'
       ELSE 'artifactUpdate' END AS kind,
  e.outline->'artifact'->>'artifactId' AS artifact_id,
  coalesce(p.payload, e.outline) AS payload, e.outline,
  CASE WHEN p.message_seq = p.first_seq + e.n - 1 THEN p.message END AS message,
  p.created_at,
  CASE WHEN p.object IS NOT NULL THEN (p.object->>'bytes')::int
       WHEN p.first_seq = p.last_seq THEN p.bytes
       ELSE octet_length(e.outline::text) + CASE WHEN p.message_seq = p.first_seq + e.n - 1 THEN p.message_bytes ELSE 0 END
       END AS bytes,
  p.last_seq AS page, p.object
FROM task_pages p CROSS JOIN LATERAL json_array_elements(p.events) WITH ORDINALITY AS e(outline, n);

-- An object is one of those to be removed from before it is written until the log names it, and again when the log is gone.
-- The log can't name one any more that is being removed: whoever wanted to has to write another.
CREATE FUNCTION keep_object() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM removed_files WHERE file_id = (NEW.object->>'id')::uuid AND attempts = 0;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Object % is being removed.', NEW.object->>'id' USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION remember_removed_object() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO removed_files (file_id, place) VALUES ((OLD.object->>'id')::uuid, OLD.object->>'place') ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE TRIGGER task_pages_keep_object AFTER INSERT ON task_pages
FOR EACH ROW WHEN (NEW.object IS NOT NULL) EXECUTE FUNCTION keep_object();

CREATE TRIGGER task_pages_object_removed AFTER DELETE ON task_pages
FOR EACH ROW WHEN (OLD.object IS NOT NULL) EXECUTE FUNCTION remember_removed_object();
