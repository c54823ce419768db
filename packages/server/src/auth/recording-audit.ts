/** How the audit log is written by statements of other rooms, together with what they do. */

/** Common table expression: records each row of `rows`, a SQL expression with the columns tenant, owner, action, subject and details. */
export const recordingAudit = (rows: string): string => `audited AS (
  INSERT INTO audit_log (tenant, owner, action, subject, details)
  SELECT a.tenant, a.owner, a.action, a.subject, a.details FROM ${rows} a
)`;
