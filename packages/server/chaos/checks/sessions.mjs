/** Conversations: no gap in any, and each message that was accepted or said, and each answer, is in its session once. */
import { derivedId } from '@continuo/agent/internal/platform/ids.js';

/**
 * @param {(statement: string, values?: unknown[]) => Promise<any[]>} query
 * @param {import('../ledger.mjs').Ledger} ledger
 * @returns {AsyncGenerator<[about: string, problem: string]>}
 */
export async function* checkSessions(query, ledger) {
  const gaps = await query(`
    SELECT s.id, s.last_seq, count(m.seq)::int AS n, min(m.seq) AS first, max(m.seq) AS last
    FROM sessions s LEFT JOIN messages m ON m.session_id = s.id GROUP BY s.id
    HAVING count(m.seq) <> s.last_seq OR min(m.seq) <> 1 OR max(m.seq) <> s.last_seq`);
  for (const { id, last_seq: wanted, n, first, last } of gaps) {
    yield ['session seq', `session ${id}: ${n} messages from ${first} to ${last}, last_seq ${wanted}`];
  }
  const doubled = await query(`
    SELECT message_id, count(*)::int AS n FROM messages GROUP BY message_id HAVING count(*) > 1`);
  for (const { message_id: id, n } of doubled) yield ['message twice', `message ${id} is in sessions ${n} times`];

  // The log has an answer as an artifact.
  const answered = await query(`
    SELECT id, session_id, attempt FROM tasks
    WHERE state = 'COMPLETED' AND status_message IS NULL AND session_id IS NOT NULL`);
  const answers = answered.map(({ id, session_id, attempt }) => {
    return { session_id, task_id: id, message_id: derivedId(`${id}:end:${attempt}`) };
  });
  // What the logs of its tasks say was said is what the session holds.
  const differences = await query(
    `
    WITH said AS (
      SELECT session_id, message_id, task_id
      FROM json_to_recordset($1) AS a(session_id uuid, message_id text, task_id uuid)
      UNION ALL
      SELECT t.session_id, e.message->>'messageId' AS message_id, e.task_id FROM task_events e JOIN tasks t ON t.id = e.task_id
      WHERE e.message IS NOT NULL AND t.session_id IS NOT NULL
      -- What an agent says to another inside a conversation is no part of it, nor what it passes on: the child's question,
      -- and the user's answer, are there from those who said them.
      AND (e.message->>'role' = 'ROLE_AGENT'
           OR NOT EXISTS (SELECT 1 FROM tasks p WHERE p.id = t.parent_id AND p.session_id = t.session_id))
      AND e.message->'metadata'->'urn:continuo:a2a:input:v1'->'askedBy' IS NULL)
    SELECT coalesce(said.message_id, m.message_id) AS message_id, coalesce(said.task_id, m.task_id) AS task_id,
           m.message_id IS NULL AS lost
    FROM said FULL JOIN messages m ON m.session_id = said.session_id AND m.message_id = said.message_id
    WHERE said.message_id IS NULL OR m.message_id IS NULL`,
    [JSON.stringify(answers)],
  );
  for (const { message_id: id, task_id: taskId, lost } of differences) {
    const what = lost ? 'is in its log and not in its session' : 'is in its session and not in its log';
    yield ['message', `message ${id} of task ${taskId} ${what}`];
  }
  const order = await query(`
    SELECT a.task_id FROM messages a JOIN messages u ON u.session_id = a.session_id AND u.task_id = a.task_id
    JOIN tasks t ON t.id = a.task_id AND t.message_id = u.message_id
    WHERE a.message->>'role' = 'ROLE_AGENT' AND a.seq < u.seq`);
  for (const { task_id: taskId } of order) yield ['message order', `task ${taskId} answers before it is asked`];

  const stored = new Set((await query('SELECT message_id FROM messages')).map((row) => row.message_id));
  for (const { messageId, outcome, taskId, text } of ledger.messages) {
    if (outcome === 'acknowledged' && !stored.has(messageId)) {
      yield ['lost message', `message ${messageId} (${text}) of task ${taskId} was acknowledged and isn't there`];
    }
    if (outcome === 'refused' && stored.has(messageId)) {
      yield ['refused message', `message ${messageId} (${text}) was refused, and is there`];
    }
  }
}
