-- breaking: no
-- Each task keeps where it is in a trace, so that all of its runs, on whichever instance and however late, are one trace.

-- TaskTrace of the code: { task, parent, state, run }. Null for a task that was accepted without tracing.
ALTER TABLE tasks ADD COLUMN trace jsonb;
