/** One page of a session's messages, by cursor: so many of them or so many bytes, at least one. */
import { z } from 'zod';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Caller } from '../platform/caller.js';
import { Cursor } from '../platform/cursor.js';
import type { Reader } from '../platform/database.js';
import { readSlices } from '../platform/read-slices.js';
import { sessionKey } from './append-messages.js';
import type { MessagePage, SessionMessage } from './session.js';
import type { MessageOrder, MessagePageRequest } from './store-requests.js';

interface Row {
  seq: number;
  message: Message;
  task_id: string | null;
  agent: string | null;
  created_at: Date;
  large: boolean;
  found: number;
}

/** A larger one comes without its parts: no answer could carry it. */
const LARGEST_BYTES = 32 * 1024 ** 2;

const place = z.int().nonnegative();
const ascending = {
  name: 'list-messages-asc',
  compare: '>',
  order: 'ASC',
  start: 0,
  cursor: new Cursor('messages, oldest first', place),
};
const descending = {
  name: 'list-messages-desc',
  compare: '<',
  order: 'DESC',
  start: Number.MAX_SAFE_INTEGER,
  cursor: new Cursor('messages, newest first', place),
};

export async function listMessages(
  database: Reader,
  caller: Caller,
  contextId: string,
  order: MessageOrder,
  { size, token, largeBytes = LARGEST_BYTES }: MessagePageRequest,
): Promise<MessagePage & { readonly messages: readonly (SessionMessage & { readonly large?: boolean })[] }> {
  const way = order === 'asc' ? ascending : descending;
  const from = token === '' ? way.start : way.cursor.decode(token);
  const rows = await database.prepared<Row>(
    way.name,
    `SELECT seq, task_id, agent, created_at, bytes > $7 AS large, found,
       CASE WHEN bytes <= $7 THEN message
            ELSE json_build_object('messageId', message_id, 'role', message->'role', 'parts', '[]'::json) END AS message
     FROM (
       SELECT p.*, sum(bytes) OVER (ORDER BY seq ${way.order} ROWS UNBOUNDED PRECEDING) AS upto, count(*) OVER () AS found
       FROM (
         SELECT m.* FROM sessions s JOIN messages m ON m.session_id = s.id
         WHERE s.id = $1 AND s.tenant = $2 AND s.owner = $3 AND m.seq ${way.compare} $4
         ORDER BY m.seq ${way.order} LIMIT $5) p) q
     WHERE upto <= $6::int OR upto = bytes
     ORDER BY seq ${way.order}`,
    [
      sessionKey(caller, contextId),
      caller.tenant,
      caller.owner,
      from,
      size + 1,
      Math.min(largeBytes, database.shares.mostBytes),
      largeBytes,
    ],
  );
  const page = rows.slice(0, size);
  const last = page.length < (rows[0]?.found ?? 0) ? page.at(-1) : undefined;
  return {
    messages: page.map(toSessionMessage),
    nextPageToken: last === undefined ? '' : way.cursor.encode(last.seq),
  };
}

/** A large message as JSON, piece by piece. */
export function messageText(
  database: Reader,
  caller: Caller,
  contextId: string,
  seq: number,
): AsyncGenerator<string, void> {
  const values = [sessionKey(caller, contextId), seq];
  return readSlices(database, { text: 'message::text', from: 'messages WHERE session_id = $3 AND seq = $4', values });
}

function toSessionMessage(row: Row): SessionMessage & { readonly large?: boolean } {
  return {
    seq: row.seq,
    message: row.message,
    ...(row.task_id === null ? {} : { taskId: row.task_id }),
    ...(row.agent === null ? {} : { agent: row.agent }),
    createdAt: row.created_at.toISOString(),
    ...(row.large ? { large: true } : {}),
  };
}
