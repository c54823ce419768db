/** One page of events: so many rows or so many bytes, at least one; what is larger than a page comes without its content. */
import type { Message } from '../sessions/message.js';
import { toStreamResponse, type EventRow, type LogEvent } from './task-event.js';

/** Bytes that a large event is counted as: its content is not in the page. */
const STUB_BYTES = 1_024;

export interface PageRow extends Pick<EventRow, 'kind' | 'payload'> {
  task_id: string;
  seq: number;
  message: Message | null;
  large: boolean;
}

/**
 * SELECT of the rows of `source` that fit into a page of `share` bytes. `source`: a FROM item with the columns of
 * task_events and no more rows than a page may have; `order`: its columns that put them in order; `extra`: others to
 * select.
 */
export function pageOf(source: string, order: string, share: string, extra = ''): string {
  const size = `(CASE WHEN e.bytes > ${share} THEN ${STUB_BYTES} ELSE e.bytes END)`;
  return `
SELECT ${extra}p.task_id, p.seq, p.kind, p.bytes > ${share} AS large,
  CASE WHEN p.bytes <= ${share} THEN p.payload
       WHEN p.kind = 'artifactUpdate' THEN json_build_object('taskId', p.task_id, 'contextId', '', 'append', true,
         'lastChunk', false, 'artifact', json_build_object('artifactId', p.artifact_id, 'parts', '[]'::json))
       ELSE json_build_object('taskId', p.task_id, 'contextId', '', 'status',
         json_build_object('state', p.payload->'status'->'state', 'timestamp', p.payload->'status'->'timestamp')) END AS payload,
  CASE WHEN p.bytes <= ${share} THEN p.message END AS message
FROM (SELECT e.*, sum(${size}) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) AS upto, ${size} AS size
      FROM ${source} e) p
WHERE p.upto <= ${share} OR p.upto = p.size
ORDER BY ${order.replaceAll('e.', 'p.')}`;
}

export function toLogEvent({ task_id: taskId, seq, kind, payload, message, large }: PageRow): LogEvent {
  return { taskId, seq, response: toStreamResponse(kind, payload, message), ...(large ? { large } : {}) };
}
