-- breaking: no
-- A task that is held stays with the version in whose hands it came to that: what tries it in vain since then changes nothing.

ALTER TABLE tasks
  ADD COLUMN held_version text,
  -- Its place among the versions, as in agent_rank.
  ADD COLUMN held_rank text COLLATE "C";

