/** The chunk with which the present content of an artifact begins, as part of a statement: it has the artifact's name. */

/**
 * The event (`seq`, `payload`) of row `a` of artifacts. One whose first chunk was sent as more of something has no number
 * of a first event: it begins with the first there is.
 */
export const firstChunk = (a: string): string => `
  SELECT seq, payload FROM task_events
  WHERE task_id = ${a}.task_id AND artifact_id = ${a}.artifact_id AND seq BETWEEN ${a}.first_seq AND ${a}.last_seq
  ORDER BY seq LIMIT 1`;
