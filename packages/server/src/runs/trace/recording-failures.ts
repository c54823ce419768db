/** How failures of tasks are recorded, in the statement that ends them. */

const columns = `agent text, at timestamptz, fingerprint text, name text, message text, place text, step text, report json`;

/** Common table expression: records `failure`, JSON, of the rows of `entry`; once in each attempt. See toFailureRow. */
export const recordingFailures = `failing AS (
  INSERT INTO task_failures (task_id, attempt, tenant, owner, agent, at, fingerprint, name, message, place, step, report)
  SELECT e.task_id, e.attempt, e.tenant, e.owner, f.*
  FROM entry e CROSS JOIN LATERAL json_to_record(e.failure) AS f(${columns}) WHERE e.failure IS NOT NULL
  ON CONFLICT (task_id, attempt) DO NOTHING
)`;
