-- Which instance is about to have the task run again, and since when; null once a run has claimed it.
ALTER TABLE tasks ADD COLUMN reviving_at timestamptz, ADD COLUMN reviving_by uuid;
