/** Fills a session with a long conversation, as if it had been held. */
import type { Database } from '../../src/platform/database.js';

/** Adds `count` messages of about 60 characters to the session, the user and the agent in turn, once for each `title`. */
export async function fillSession(database: Database, key: string, count: number, title = 'Message'): Promise<void> {
  await database.query(
    `WITH grown AS (UPDATE sessions SET last_seq = last_seq + $2 WHERE id = $1 RETURNING last_seq - $2 AS base)
     INSERT INTO messages (session_id, seq, message_id, message, created_at, words)
     SELECT $1, base + n, $3::text || n,
            json_build_object('messageId', $3::text || n,
                              'role', CASE n % 2 WHEN 1 THEN 'ROLE_USER' ELSE 'ROLE_AGENT' END,
                              'parts', json_build_array(json_build_object('text',
                                format('%s %s of a conversation that has been going on for a while.', $3::text, n)))),
            now(), ''
     FROM grown, generate_series(1, $2::int) n`,
    [key, count, title],
  );
}
