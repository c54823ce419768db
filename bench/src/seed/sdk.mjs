/** Copies a task in the SDK's table. */

/**
 * @param {import("pg").Client} connection
 * @param {number} copies
 */
export async function seedSdk(connection, copies) {
  await connection.query(
    `INSERT INTO tasks
            (tenant, owner, id, context_id, status_last_updated,
             status_state, status, artifacts, history, metadata, protocol_version)
     SELECT tenant, owner, gen_random_uuid()::text, gen_random_uuid()::text, status_last_updated - n,
            status_state, status, artifacts, history, metadata, protocol_version
       FROM (SELECT * FROM tasks ORDER BY status_last_updated DESC LIMIT 1) AS model,
            generate_series(1, $1::int) AS n`,
    [copies],
  );
}
