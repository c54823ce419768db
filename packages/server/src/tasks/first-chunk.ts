/** The chunk with which the present content of an artifact begins, as part of a statement: it has the artifact's name. */

/** The `about` of row `a` of artifacts: its A2A Artifact, of a large chunk without its parts. */
export const firstChunk = (a: string): string => `
  SELECT e.outline->'artifact' AS about FROM task_events e
  WHERE e.task_id = ${a}.task_id AND e.artifact_id = ${a}.artifact_id AND e.seq >= ${a}.first_seq
    AND e.page = (SELECT p.last_seq FROM task_pages p
                  WHERE p.task_id = ${a}.task_id AND p.last_seq >= ${a}.first_seq AND ${a}.artifact_id = ANY (p.artifacts)
                  ORDER BY p.last_seq LIMIT 1)
  ORDER BY e.seq LIMIT 1`;
