/** Rows that were found by something else than the rest of a query asks for. */

/**
 * A FROM item: the rows of `table` whose ids `found` selects, each once. They are looked up one by one, whatever else is asked
 * of them: what PostgreSQL expects of a table whose rows nobody has counted makes it look for `found` again for each row of it.
 */
export function rowsById(table: string, found: string): string {
  return `(
  SELECT r.* FROM (SELECT f.id FROM (${found}) f(id) GROUP BY f.id OFFSET 0) f
  CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE id = f.id OFFSET 0) r)`;
}
