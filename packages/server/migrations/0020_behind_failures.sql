-- breaking: no
-- A task that is retried from the step that failed is not held for what its code did because of that failure.

ALTER TABLE journal
  -- Recorded behind a failure that is tried again: code that goes another way now may leave it out.
  ADD COLUMN optional boolean NOT NULL DEFAULT false;
