-- breaking: no
-- Parts of unfinished uploads that lie in S3: how S3 knows each, until they are put together.

CREATE TABLE file_parts (
  file_id uuid NOT NULL REFERENCES files ON DELETE CASCADE,
  -- From 1; all but the last are of one size.
  number int NOT NULL,
  etag text NOT NULL,
  PRIMARY KEY (file_id, number)
);

-- What the storage knows an unfinished upload by, to give it up.
ALTER TABLE removed_files ADD COLUMN multipart text;
-- Something may have been on its way to the storage when the row went: it is looked at once more, later.
ALTER TABLE removed_files ADD COLUMN again boolean NOT NULL DEFAULT false;

CREATE OR REPLACE FUNCTION remember_removed_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO removed_files (file_id, place, multipart, again)
  VALUES (OLD.id, OLD.place, OLD.multipart, OLD.completed_at IS NULL AND OLD.place <> 'postgres') ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
