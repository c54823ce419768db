/** What a webhook is told of an event that is too large for a delivery: everything but what it says, and where that is. */
import { toStreamResponse, type EventRow, type Progress } from '@continuo/agent/internal/tasks/task-event.js';
import type { WireTaskState } from '@continuo/agent/internal/tasks/task-state.js';
import { CONTENT_EXTENSION, PROGRESS_EXTENSION, type StreamResponse } from '@continuo/agent/internal/tasks/task.js';
import type { Queryable } from '../platform/database.js';
import { contentPath } from '../tasks/content-path.js';
import { eventAt } from '../tasks/views.js';

/** Bytes of a name, or of the progress; what is longer is content, too. */
const MOST_ABOUT_BYTES = 16 * 1024;

interface Row {
  kind: EventRow['kind'];
  artifact_id: string | null;
  bytes: number;
  context_id: string;
  state: WireTaskState | null;
  timestamp: string | null;
  append: boolean | null;
  last_chunk: boolean | null;
  name: string | null;
  progress: Progress | null;
}

const small = (value: string): string =>
  `CASE WHEN octet_length((${value})::text) <= ${MOST_ABOUT_BYTES} THEN ${value} END`;

/** The outline has all of that: the content is not read. */
const sql = `
SELECT e.kind, e.artifact_id, e.bytes, p."contextId" AS context_id, p.status->>'state' AS state,
  p.status->>'timestamp' AS timestamp, p.append, p."lastChunk" AS last_chunk, ${small(`p.artifact->>'name'`)} AS name,
  ${small(`p.metadata->'${PROGRESS_EXTENSION}'`)} AS progress
FROM ${eventAt('$1', '$2')} e, json_to_record(e.outline) AS p("contextId" text, status json, metadata json, artifact json,
  append boolean, "lastChunk" boolean)`;

/**
 * The event with an address in place of what it says: a chunk has that of its artifact, every other event that of its task's
 * log, in which it has the same number. Undefined when it is gone.
 */
export async function eventWithoutContent(
  database: Queryable,
  taskId: string,
  seq: number,
): Promise<StreamResponse | undefined> {
  const [row] = await database.query<Row & Record<string, unknown>>(sql, [taskId, seq]);
  return row && withoutContent(row, taskId);
}

function withoutContent(row: Row, taskId: string): StreamResponse {
  const { kind, bytes, context_id: contextId, artifact_id: artifactId } = row;
  const at = (uri: string) => ({ [CONTENT_EXTENSION]: { uri, bytes } });
  if (artifactId !== null) {
    const name = row.name === null ? {} : { name: row.name };
    const artifact = { artifactId, ...name, parts: [], metadata: at(contentPath(taskId, artifactId)) };
    const chunk = { append: row.append ?? false, lastChunk: row.last_chunk ?? false };
    return { artifactUpdate: { taskId, contextId, artifact, ...chunk } };
  }
  const status = { state: row.state, timestamp: row.timestamp ?? '' };
  const progress = row.progress === null ? {} : { [PROGRESS_EXTENSION]: row.progress };
  const metadata = { ...progress, ...at(`/tasks/${taskId}/events`) };
  const whose = kind === 'task' ? { id: taskId } : { taskId };
  return toStreamResponse(kind, { ...whose, contextId, status, metadata } as EventRow['payload'], null);
}
