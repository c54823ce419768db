/** Very many tasks and sessions of the local user, written by SQL within seconds: none of them was ever run. */
import { ownWords, titleWords } from '../../../server/src/sessions/words.js';
import { runOn } from '../../../server/test/support/postgres.js';

/** As expressions of SQL. */
const [TENANT, OWNER] = ["'default'", "'local'"];

/**
 * So many of each, the newest first: one `apartSeconds` older than the other, 1 the newest. Session `n` is titled `Conversation <n>`, and the
 * one message in it, task `n`, says `Question <n>`; of those beyond 20,000 it is not kept. Of a hundred tasks 5 failed, 2 were cancelled, one waits for input.
 */
export async function fillDatabase(url: string, many: number, apartSeconds = 1): Promise<void> {
  await runOn(
    url,
    `BEGIN;
     CREATE TEMPORARY TABLE made AS
     SELECT n, overlay(overlay(md5('session ' || n) PLACING '7' FROM 13) PLACING '8' FROM 17)::uuid AS session_id,
            overlay(overlay(md5('task ' || n) PLACING '7' FROM 13) PLACING '8' FROM 17)::uuid AS task_id,
            now() - n * interval '${apartSeconds} seconds' AS at,
            now() - n * interval '${apartSeconds} seconds' - n % 97 * (n % 7) * interval '1 second' AS begun,
            (ARRAY['context/assistant', 'function/countdown', 'function/echo', 'marketing/swarm'])[1 + n % 4] AS agent
     FROM generate_series(1, ${many}) n;
     INSERT INTO sessions (id, tenant, owner, context_id, title, title_words, last_seq, created_at, updated_at)
     SELECT session_id, ${TENANT}, ${OWNER}, session_id, 'Conversation ' || n,
            ${titleWords(TENANT, OWNER, "('Conversation ' || n)")}, 1, begun, at FROM made;
     INSERT INTO messages (session_id, seq, message_id, task_id, agent, message, created_at, words)
     SELECT session_id, 1, 'm', task_id, agent,
            json_build_object('messageId', 'm', 'role', 'ROLE_USER',
                              'parts', json_build_array(json_build_object('text', 'Question ' || n))),
            begun, ${ownWords(TENANT, OWNER, "'Question ' || n")} FROM made WHERE n <= 20000;
     INSERT INTO tasks (id, tenant, owner, agent, context_id, session_id, message_id, title, state, status_at, last_seq,
                        created_at)
     SELECT task_id, 'default', 'local', agent, session_id, session_id, 'm', 'Question ' || n,
            CASE WHEN n % 100 < 5 THEN 'FAILED' WHEN n % 100 < 7 THEN 'CANCELED' WHEN n % 100 = 7 THEN 'INPUT_REQUIRED'
                 ELSE 'COMPLETED' END,
            at, 2, begun FROM made;
     DROP TABLE made;
     COMMIT;`,
  );
  await runOn(url, 'VACUUM ANALYZE tasks, sessions, messages');
}
