/** One page of a session's messages, by cursor. */
import { z } from 'zod';
import type { Caller } from '../platform/caller.js';
import { decodeCursor, encodeCursor } from '../platform/cursor.js';
import type { Database } from '../platform/database.js';
import { sessionKey } from './append-messages.js';
import type { PageRequest } from './list-sessions.js';
import type { Message } from './message.js';
import type { MessagePage, SessionMessage } from './session.js';

/** `asc`: oldest first. */
export type MessageOrder = 'asc' | 'desc';

interface Row {
  seq: number;
  message: Message;
  task_id: string | null;
  agent: string | null;
  created_at: Date;
}

const ascending = { name: 'list-messages-asc', compare: '>', order: 'ASC', start: 0 };
const descending = { name: 'list-messages-desc', compare: '<', order: 'DESC', start: Number.MAX_SAFE_INTEGER };

export async function listMessages(
  database: Database,
  caller: Caller,
  contextId: string,
  order: MessageOrder,
  { size, token }: PageRequest,
): Promise<MessagePage> {
  const way = order === 'asc' ? ascending : descending;
  const position = z.tuple([z.literal(order), z.int().nonnegative()]);
  const from = token === '' ? way.start : decodeCursor(token, position)[1];
  const rows = await database.prepared<Row>(
    way.name,
    `SELECT m.seq, m.message, m.task_id, m.agent, m.created_at
     FROM sessions s JOIN messages m ON m.session_id = s.id
     WHERE s.id = $1 AND s.tenant = $2 AND s.owner = $3 AND m.seq ${way.compare} $4
     ORDER BY m.seq ${way.order} LIMIT $5`,
    [sessionKey(caller, contextId), caller.tenant, caller.owner, from, size + 1],
  );
  const last = rows.length > size ? rows[size - 1] : undefined;
  return {
    messages: rows.slice(0, size).map(toSessionMessage),
    nextPageToken: last === undefined ? '' : encodeCursor([order, last.seq]),
  };
}

function toSessionMessage(row: Row): SessionMessage {
  return {
    seq: row.seq,
    message: row.message,
    ...(row.task_id === null ? {} : { taskId: row.task_id }),
    ...(row.agent === null ? {} : { agent: row.agent }),
    createdAt: row.created_at.toISOString(),
  };
}
