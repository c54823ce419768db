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
    `WITH base AS (SELECT id, context_id, tenant, owner, session_id, last_seq FROM tasks WHERE id = '${taskId}'),
     logged AS (
       INSERT INTO task_events (task_id, seq, key, kind, artifact_id, payload, created_at)
       SELECT b.id, b.last_seq + n, 'large:${artifactId}:' || n, 'artifactUpdate', '${artifactId}', json_build_object(
         'taskId', b.id, 'contextId', b.context_id, 'artifact', json_build_object('artifactId', '${artifactId}',
           'name', '${artifactId}', 'parts', json_build_array(json_build_object(
             'text', repeat(md5(n::text), ${chunkBytes / 32})${type}))),
         'append', n > 1, 'lastChunk', n = ${chunks}), now()
       FROM base b, generate_series(1, ${chunks}) n),
     noted AS (
       INSERT INTO task_commits (tenant, owner, session_id, task_id, first_seq, last_seq)
       SELECT tenant, owner, session_id, id, last_seq + 1, last_seq + ${chunks} FROM base),
     kept AS (
       INSERT INTO artifacts (task_id, artifact_id, first_seq, last_seq, complete)
       SELECT id, '${artifactId}', last_seq + 1, last_seq + ${chunks}, true FROM base)
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
       INSERT INTO task_events (task_id, seq, key, kind, payload, message, created_at)
       SELECT id, seq, message_id, 'statusUpdate', json_build_object('taskId', id, 'contextId', context_id, 'status',
         json_build_object('state', 'TASK_STATE_COMPLETED', 'timestamp', now())), message, now()
       FROM said),
     noted AS (
       INSERT INTO task_commits (tenant, owner, session_id, task_id, first_seq, last_seq)
       SELECT tenant, owner, session_id, id, last_seq + 1, last_seq + ${count} FROM base),
     heard AS (
       INSERT INTO messages (session_id, seq, message_id, task_id, agent, message, created_at, words)
       SELECT session_id, 1000 + seq, message_id, id, 'function/echo', message, now(), '' FROM said)
     UPDATE tasks SET last_seq = last_seq + ${count} WHERE id = '${taskId}'`,
  );
}
