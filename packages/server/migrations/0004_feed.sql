-- One row for each append to a task: what streams over many tasks read, in the order in which it became visible.
-- A transaction's id is assigned before it commits, so readers stop at the oldest one that is still under way.
CREATE TABLE task_commits (
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  tenant text NOT NULL,
  owner text NOT NULL,
  session_id uuid,
  task_id uuid NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL
);
CREATE INDEX task_commits_by_owner ON task_commits (tenant, owner, xid, task_id, last_seq);
CREATE INDEX task_commits_by_session ON task_commits (session_id, xid, task_id, last_seq) WHERE session_id IS NOT NULL;
CREATE INDEX task_commits_by_task ON task_commits (task_id);
