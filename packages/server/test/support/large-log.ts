/** Makes the log of a task larger than memory, by SQL and in the shape that the server writes. */
import { runOn } from './postgres.js';

export interface LargeArtifact {
  readonly artifactId: string;
  readonly chunks: number;
  /** Bytes of text in each chunk, a multiple of 32. */
  readonly chunkBytes: number;
  /** Default text/plain. */
  readonly mediaType?: string;
}

/** Puts the artifact behind what the log of the task has. */
export async function addArtifact(url: string, taskId: string, artifact: LargeArtifact): Promise<void> {
  const { artifactId, chunks, chunkBytes, mediaType } = artifact;
  const type = mediaType === undefined ? '' : `, 'mediaType', '${mediaType}'`;
  await runOn(
    url,
    `WITH base AS (SELECT * FROM tasks WHERE id = '${taskId}'),
     chunk AS (
       SELECT n, json_build_object('taskId', b.id, 'contextId', b.context_id, 'artifact', json_build_object(
         'artifactId', '${artifactId}', 'name', '${artifactId}', 'parts', json_build_array(json_build_object(
           'text', repeat(md5(n::text), ${chunkBytes / 32})${type}))),
         'append', n > 1, 'lastChunk', n = ${chunks}) AS payload
       FROM base b, generate_series(1, ${chunks}) n),
     logged AS (
       INSERT INTO task_pages (task_id, first_seq, last_seq, tenant, owner, session_id, created_at, keys, events, payload,
                               artifacts, artifact_bytes)
       SELECT b.id, b.last_seq + n, b.last_seq + n, b.tenant, b.owner, b.session_id, now(), ARRAY['large:${artifactId}:' || n],
         json_build_array(CASE WHEN octet_length(payload::text) <= 65536 THEN payload ELSE json_build_object(
           'taskId', b.id, 'contextId', b.context_id, 'artifact', json_build_object('artifactId', '${artifactId}',
             'name', '${artifactId}', 'parts', '[]'::json), 'append', n > 1, 'lastChunk', n = ${chunks}) END),
         CASE WHEN octet_length(payload::text) > 65536 THEN payload END,
         ARRAY['${artifactId}'], ARRAY[octet_length(payload::text)]
       FROM base b, chunk),
     kept AS (
       INSERT INTO artifacts (task_id, artifact_id, first_seq) SELECT id, '${artifactId}', last_seq + 1 FROM base)
     UPDATE tasks SET last_seq = last_seq + ${chunks} WHERE id = '${taskId}'`,
  );
}

/** Has the agent of the task say so much in it, and in its session. */
export async function addMessages(
  url: string,
  taskId: string,
  { count, bytes }: { readonly count: number; readonly bytes: number },
): Promise<void> {
  await runOn(
    url,
    `WITH base AS (SELECT * FROM tasks WHERE id = '${taskId}'),
     said AS (
       SELECT b.id, b.context_id, b.session_id, b.last_seq + n AS seq, 'large:' || n AS message_id, json_build_object(
         'messageId', 'large:' || n, 'contextId', b.context_id, 'taskId', b.id, 'role', 'ROLE_AGENT',
         'parts', json_build_array(json_build_object('text', repeat('x', ${bytes})))) AS message
       FROM base b, generate_series(1, ${count}) n),
     logged AS (
       INSERT INTO task_pages (task_id, first_seq, last_seq, tenant, owner, session_id, created_at, keys, events, message_seq,
                               message)
       SELECT s.id, s.seq, s.seq, b.tenant, b.owner, b.session_id, now(), ARRAY[s.message_id], json_build_array(
         json_build_object('taskId', s.id, 'contextId', s.context_id, 'status',
           json_build_object('state', 'TASK_STATE_COMPLETED', 'timestamp', now()))), s.seq, s.message
       FROM said s, base b),
     heard AS (
       INSERT INTO messages (session_id, seq, message_id, task_id, agent, message, created_at, words)
       SELECT session_id, 1000 + seq, message_id, id, 'function/echo', message, now(), '' FROM said)
     UPDATE tasks SET last_seq = last_seq + ${count} WHERE id = '${taskId}'`,
  );
}
