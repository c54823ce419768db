-- How much rows say, so that no reader fetches more than it has room for: bytes of JSON, known without reading it.

ALTER TABLE task_events ADD COLUMN bytes int
  GENERATED ALWAYS AS (octet_length(payload::text) + coalesce(octet_length(message::text), 0)) STORED;

ALTER TABLE messages ADD COLUMN bytes int GENERATED ALWAYS AS (octet_length(message::text)) STORED;

ALTER TABLE tasks
  ADD COLUMN metadata_bytes int GENERATED ALWAYS AS (coalesce(octet_length(metadata::text), 0)) STORED,
  ADD COLUMN status_bytes int GENERATED ALWAYS AS (
    coalesce(octet_length(status_message::text), 0) + coalesce(octet_length(error::text), 0)
      + coalesce(octet_length(stage), 0)) STORED;
