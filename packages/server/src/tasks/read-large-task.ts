/** Reads what a large task says, as far as an answer may carry it; of an artifact that is too large, where its content is. */
import { MOST_INT } from '@continuo/agent/internal/platform/ranges.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { answerArtifactId } from '@continuo/agent/internal/tasks/answer-artifact.js';
import type { PageObject } from '@continuo/agent/internal/tasks/page-object.js';
import { CONTENT_EXTENSION, type Artifact, type TaskArtifactUpdate } from '@continuo/agent/internal/tasks/task.js';
import type { Queryable } from '../platform/database.js';
import { wholeText, type ObjectStorage } from './content-object.js';
import { contentPath } from './content-path.js';
import { firstChunk, presentChunks, presentSizes } from './present-content.js';
import type { TaskRow, TaskView } from './read-tasks.js';

/** Name, description and the like of an artifact whose content is elsewhere; more of them is left out. */
const MOST_ABOUT_BYTES = 16 * 1024;

interface ArtifactSize {
  readonly artifact_id: string;
  readonly bytes: number;
}

interface ChunkRow {
  readonly payload: TaskArtifactUpdate;
  /** Has the rest of what the log has as `text`. */
  readonly object: PageObject | null;
  readonly text: string | null;
}

const artifactSizes = `
SELECT artifact_id, sum(bytes) AS bytes FROM ${presentSizes('$1')} GROUP BY artifact_id, first_seq ORDER BY first_seq`;

const chunks = `
SELECT e.payload, e.object, CASE WHEN e.object IS NOT NULL THEN e.payload::text END AS text FROM ${presentChunks}
WHERE p.task_id = $1 AND p.artifacts && $2 AND e.artifact_id = ANY ($2) ORDER BY e.seq`;

const about = `
SELECT x.* FROM artifacts a CROSS JOIN LATERAL (${firstChunk('a')}) e,
  json_to_record(e.about) AS x(name text, description text, metadata json, extensions json)
WHERE a.task_id = $1 AND a.artifact_id = $2
  AND octet_length(coalesce(x.name, '')) + octet_length(coalesce(x.description, ''))
    + octet_length(coalesce(x.metadata::text, '')) + octet_length(coalesce(x.extensions::text, '')) <= ${MOST_ABOUT_BYTES}`;

const history = `
SELECT message FROM (
  SELECT p.message_seq, p.message, sum(p.message_bytes) OVER (ORDER BY p.message_seq DESC ROWS UNBOUNDED PRECEDING) AS upto
  FROM (SELECT * FROM task_pages WHERE task_id = $1 AND message_seq IS NOT NULL
        ORDER BY message_seq DESC LIMIT $2) p) h
WHERE upto <= $3 ORDER BY message_seq`;

/**
 * `row` with what it says, in at most `most` bytes: its status; then its artifacts, the answer first and small ones before
 * large ones; then the newest of its history.
 */
export async function readLargeTask(
  database: Queryable,
  storage: ObjectStorage,
  row: TaskRow,
  { historyLength, artifacts }: TaskView,
  most: number,
): Promise<TaskRow> {
  const [said] = await database.query<
    Pick<TaskRow, 'status_message' | 'stage' | 'metadata' | 'error'> & { readonly bytes: number }
  >(
    `SELECT status_message, stage, metadata, error, status_bytes + metadata_bytes AS bytes
     FROM tasks WHERE id = $1 AND status_bytes + metadata_bytes <= $2`,
    [row.id, most],
  );
  let room = most - (said?.bytes ?? 0);
  const sizes = artifacts ? await database.query<ArtifactSize & Record<string, unknown>>(artifactSizes, [row.id]) : [];
  const carried = smallest(sizes, room, answerArtifactId(row.id));
  room -= sizes.reduce((sum, { artifact_id: id, bytes }) => (carried.has(id) ? sum + bytes : sum), 0);
  const elsewhere: Artifact[] = [];
  for (const size of sizes)
    if (!carried.has(size.artifact_id)) elsewhere.push(await withoutContent(database, row.id, size));
  const content = await database.query<ChunkRow & Record<string, unknown>>(chunks, [row.id, [...carried]]);
  const whole: TaskArtifactUpdate[] = [];
  for (const chunk of content) whole.push(await wholeChunk(storage, chunk));
  const messages = await database.query<{ message: Message }>(history, [row.id, historyLength ?? MOST_INT, room]);
  return {
    ...row,
    ...said,
    left_out: false,
    chunks: whole,
    elsewhere,
    history: messages.map(({ message }) => message),
  };
}

async function wholeChunk(storage: ObjectStorage, { payload, object, text }: ChunkRow): Promise<TaskArtifactUpdate> {
  if (object === null || text === null) return payload;
  const pieces: string[] = [];
  for await (const piece of wholeText(storage, text, object)) pieces.push(piece);
  return JSON.parse(pieces.join('')) as TaskArtifactUpdate;
}

/**
 * The ids of those that fit, `first` before the small ones and these before the others: that does not depend on what else
 * there is that is large.
 */
function smallest(sizes: readonly ArtifactSize[], room: number, first: string): ReadonlySet<string> {
  const carried = new Set<string>();
  let left = room;
  const rank = ({ artifact_id: id, bytes }: ArtifactSize): number => (id === first && bytes <= room ? 0 : bytes);
  for (const size of sizes.toSorted((a, b) => rank(a) - rank(b))) {
    const { artifact_id: id, bytes } = size;
    left -= bytes;
    if (left < 0) break;
    carried.add(id);
  }
  return carried;
}

async function withoutContent(database: Queryable, taskId: string, size: ArtifactSize): Promise<Artifact> {
  const { artifact_id: artifactId, bytes } = size;
  const [said] = await database.query<{
    name: string | null;
    description: string | null;
    metadata: Record<string, unknown> | null;
    extensions: string[] | null;
  }>(about, [taskId, artifactId]);
  return {
    artifactId,
    ...(said?.name == null ? {} : { name: said.name }),
    ...(said?.description == null ? {} : { description: said.description }),
    ...(said?.extensions == null ? {} : { extensions: said.extensions }),
    parts: [],
    metadata: {
      ...said?.metadata,
      [CONTENT_EXTENSION]: { uri: contentPath(taskId, artifactId), bytes },
    },
  };
}
