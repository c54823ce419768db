/** Copies a task of Continuo with its events, artifacts, session and messages, each copy with ids of its own. */

const COPIES = `
  CREATE TEMP TABLE bench_copy ON COMMIT DROP AS
  SELECT n,
         uuidv7() AS task_id,
         gen_random_uuid() AS session_id,
         gen_random_uuid()::text AS context_id,
         gen_random_uuid()::text AS message_id
    FROM generate_series(1, $1::int) AS n`;

/** The session's id, which the task keeps, has no foreign key: a stateless task has none. */
const MODEL = `SELECT id AS task_id, session_id, context_id, message_id FROM tasks ORDER BY status_at DESC LIMIT 1`;

/** Parents before children; `of` finds the rows that belong to the model ($1: task, $2: session). */
const TABLES = [
  { table: 'sessions', of: 'model.id = $2', id: 'copy.session_id' },
  { table: 'tasks', of: 'model.id = $1', id: 'copy.task_id' },
  { table: 'messages', of: 'model.session_id = $2' },
  { table: 'task_pages', of: 'model.task_id = $1' },
  { table: 'artifacts', of: 'model.task_id = $1' },
];

/** Indexes that are quicker made anew than kept. */
const INDEXES = `
  SELECT x.indexrelid::regclass::text AS name, pg_get_indexdef(x.indexrelid) AS definition
    FROM pg_index x
   WHERE x.indrelid = ANY ($1::text[]::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = x.indexrelid)`;

const OWN_IDS = ['task_id', 'session_id', 'context_id'];

/**
 * @param {{ column_name: string, data_type: string }} column
 * @param {string | undefined} id what the table's own `id` becomes
 * @returns {string} what a copy has in that column; $1..$4 are the model's task, session, context and message
 */
function copied({ column_name: name, data_type: type }, id) {
  if (name === 'id' && id !== undefined) return id;
  if (OWN_IDS.includes(name)) return `copy.${name}`;
  if (name === 'message_id') return `replace(model.message_id, $4, copy.message_id)`;
  if (type === 'timestamp with time zone') return `model.${name} - copy.n * interval '1 millisecond'`;
  if (type !== 'json') return `model.${name}`;
  const renamed = ['task_id', 'session_id', 'context_id', 'message_id'].reduce(
    (text, column, index) => `replace(${text}, $${index + 1}::text, copy.${column}::text)`,
    `model.${name}::text`,
  );
  return `${renamed}::json`;
}

/**
 * @param {import("pg").Client} connection
 * @param {number} copies
 */
export async function seedContinuo(connection, copies) {
  await connection.query('BEGIN');
  // Copies are whole as the model is: no trigger and no foreign key has anything to do for them.
  await connection.query('SET LOCAL session_replication_role = replica');
  const { rows: indexes } = await connection.query(INDEXES, [TABLES.map(({ table }) => table)]);
  for (const { name } of indexes) await connection.query(`DROP INDEX ${name}`);
  await connection.query(COPIES, [copies]);
  const model = (await connection.query(MODEL)).rows[0];
  const ids = [model.task_id, model.session_id, model.context_id, model.message_id];
  for (const { table, of, id } of TABLES) {
    const { rows: columns } = await connection.query(
      `SELECT column_name, data_type
         FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER'`,
      [table],
    );
    await connection.query(
      `WITH given AS (SELECT $1::uuid, $2::uuid, $3::text, $4::text)
       INSERT INTO ${table} (${columns.map((column) => column.column_name).join(', ')})
       SELECT ${columns.map((column) => copied(column, id)).join(', ')}
         FROM given, ${table} AS model, bench_copy AS copy
        WHERE ${of}`,
      ids,
    );
  }
  for (const { definition } of indexes) await connection.query(definition);
  await connection.query('COMMIT');
}
