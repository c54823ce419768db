/** How what agents log is recorded: with what else their runs say. */

/** Common table expression: records `log`, JSON, of the rows of `entry`; of lines that were dropped how many. See LogBatch. */
export const recordingLogs = `logging AS (
  INSERT INTO task_logs AS k (task_id, first_line, tenant, owner, run, lines, keys, dropped)
  SELECT e.task_id, l.first_line, e.tenant, e.owner, e.run, l.lines, l.keys, l.dropped
  FROM entry e CROSS JOIN LATERAL json_to_record(e.log) AS l(first_line int, lines json, keys text[], dropped int)
  WHERE e.log IS NOT NULL
  ON CONFLICT (task_id, first_line) DO UPDATE SET dropped = greatest(k.dropped, EXCLUDED.dropped)
)`;
