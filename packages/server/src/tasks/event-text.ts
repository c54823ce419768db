/** An event as the JSON text of A2A's StreamResponse, in pieces: a large one is never in memory as a whole. */
import type { PageObject } from '@continuo/agent/internal/tasks/page-object.js';
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { orUnavailable, type Reader } from '../platform/database.js';
import { readSlices } from '../platform/read-slices.js';
import { wholeText, type ObjectStorage } from './content-object.js';

/** The same as `toStreamResponse` makes of a row, as text. */
const memberText = `
CASE WHEN kind = 'artifactUpdate' OR message IS NULL THEN payload::text
     WHEN kind = 'task' THEN left(payload::text, -1) || ',"history":[' || message::text || ']}'
     WHEN message->>'role' <> 'ROLE_AGENT' THEN payload::text
     ELSE '{"taskId":' || (payload->'taskId')::text || ',"contextId":' || (payload->'contextId')::text
       || ',"status":{"state":' || (payload->'status'->'state')::text
       || ',"timestamp":' || (payload->'status'->'timestamp')::text || ',"message":' || message::text || '}'
       || CASE WHEN payload->'metadata' IS NULL THEN '' ELSE ',"metadata":' || (payload->'metadata')::text END || '}' END`;

/** What the log has of it, and the object that has the rest; no row where the log has all of it. */
const apartSql = `
SELECT payload::text AS text, object FROM task_events WHERE task_id = $1 AND page = $2 AND seq = $2 AND object IS NOT NULL`;

export async function* eventText(
  database: Reader,
  storage: ObjectStorage,
  event: LogEvent,
): AsyncGenerator<string, void> {
  const { taskId, seq, response } = event;
  if (event.large !== true) {
    yield JSON.stringify(response);
    return;
  }
  const [kind] = Object.keys(response);
  const [apart] = await orUnavailable(() =>
    database.patient.query<{ text: string; object: PageObject }>(apartSql, [taskId, seq]),
  );
  yield `{"${kind}":`;
  if (apart !== undefined) {
    yield* wholeText(storage, apart.text, apart.object);
    yield '}';
    return;
  }
  // It has a page to itself.
  const from = 'task_events WHERE task_id = $3 AND page = $4 AND seq = $4';
  const text = { text: memberText, from, values: [taskId, seq] };
  yield* readSlices(database, text);
  yield '}';
}
