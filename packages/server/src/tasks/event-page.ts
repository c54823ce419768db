/** Reads the log page by page: so many events or so many bytes, at least one page; a large event comes without its content. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { toStreamResponse, type EventRow, type LogEvent } from '@continuo/agent/internal/tasks/task-event.js';

/** Bytes that a large event is counted as: its content is not in what is read. */
const STUB_BYTES = 1_024;
/** Events that one read brings at the most, as far as pages of the log are no larger. */
const MOST_EVENTS = 500;

export interface PageRow {
  task_id: string;
  first_seq: number;
  last_seq: number;
  events: EventRow['payload'][];
  /** Of a large event that has the page to itself. */
  payload: EventRow['payload'] | null;
  message_seq: number | null;
  message: Message | null;
  /** Its content is not in the row. */
  large: boolean;
}

/**
 * SELECT of the pages of `source` that fit into `share` bytes. `source`: a FROM item with the columns of task_pages;
 * `order`: its columns that put them in order; `extra`: others to select.
 */
export function pagesOf(source: string, order: string, share: string, extra = ''): string {
  const large = `(e.object IS NOT NULL OR (e.first_seq = e.last_seq AND e.bytes > ${share}))`;
  const size = `CASE WHEN ${large} THEN ${STUB_BYTES} ELSE e.bytes END`;
  const pages = fitting(`(SELECT e.*, ${large} AS large, ${size} AS size FROM ${source} e)`, order, share, MOST_EVENTS);
  return `
SELECT ${extra}p.task_id, p.first_seq, p.last_seq, p.large, p.events, p.message_seq,
  CASE WHEN NOT p.large THEN p.payload END AS payload, CASE WHEN NOT p.large THEN p.message END AS message
FROM ${pages} p
ORDER BY ${order.replaceAll('e.', 'p.')}`;
}

/** The pages of `source`, whose rows have a `size`, that fit into so many bytes and events, the first one in any case. */
export function fitting(source: string, order: string, bytes: string, events: number): string {
  return `(
  SELECT * FROM (
    SELECT e.*, sum(e.size) OVER w AS bytes_upto, sum(e.last_seq - e.first_seq + 1) OVER w AS events_upto, row_number() OVER w AS place
    FROM ${source} e WINDOW w AS (ORDER BY ${order} ROWS UNBOUNDED PRECEDING)) counted
  WHERE place = 1 OR (bytes_upto <= ${bytes} AND events_upto <= ${events}))`;
}

/** The events of a page behind `after`. */
export function toLogEvents(page: PageRow, after: number): readonly LogEvent[] {
  const { task_id: taskId, first_seq: first, events, payload, message_seq: messageSeq, message, large } = page;
  return events.flatMap((outline, index) => {
    const seq = first + index;
    if (seq <= after) return [];
    const said = payload ?? outline;
    const response = toStreamResponse(kindOf(said), said, seq === messageSeq ? message : null);
    return [{ taskId, seq, response, ...(large ? { large } : {}) }];
  });
}

function kindOf(payload: EventRow['payload']): EventRow['kind'] {
  if ('artifact' in payload) return 'artifactUpdate';
  return 'id' in payload ? 'task' : 'statusUpdate';
}
