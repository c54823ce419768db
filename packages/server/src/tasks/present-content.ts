/** The present content of artifacts, as parts of statements: what was written before an artifact's `first_seq` is replaced. */

/** The chunk with which it begins, which has the artifact's name. The `about` of row `a` of artifacts: its A2A Artifact, of a large chunk without its parts. */
export const firstChunk = (a: string): string => `
  SELECT e.outline->'artifact' AS about FROM task_events e
  WHERE e.task_id = ${a}.task_id AND e.artifact_id = ${a}.artifact_id AND e.seq >= ${a}.first_seq
    AND e.page = (SELECT p.last_seq FROM task_pages p
                  WHERE p.task_id = ${a}.task_id AND p.last_seq >= ${a}.first_seq AND ${a}.artifact_id = ANY (p.artifacts)
                  ORDER BY p.last_seq LIMIT 1)
  ORDER BY e.seq LIMIT 1`;

/** A FROM item of the present artifacts of `task`, once for each page, with the `bytes` that the page has of it. */
export const presentSizes = (task: string): string => `(
  SELECT a.artifact_id, a.first_seq, x.bytes
  FROM task_pages p CROSS JOIN LATERAL unnest(p.artifacts, p.artifact_bytes) AS x(id, bytes)
  JOIN artifacts a ON a.task_id = p.task_id AND a.artifact_id = x.id AND a.first_seq <= p.last_seq
  WHERE p.task_id = ${task} AND p.artifacts IS NOT NULL) present`;

/** FROM items: pages `p` with their events `e` that are chunks of present artifacts. */
export const presentChunks = `task_pages p
  JOIN task_events e ON e.task_id = p.task_id AND e.page = p.last_seq
  JOIN artifacts a ON a.task_id = p.task_id AND a.artifact_id = e.artifact_id AND a.first_seq <= e.seq`;
