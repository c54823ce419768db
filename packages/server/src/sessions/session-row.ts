/** How a row of `sessions` becomes a Session. */
import type { Session } from './session.js';

export interface SessionRow {
  context_id: string;
  title: string | null;
  metadata: Record<string, unknown> | null;
  last_seq: number;
  created_at: Date;
  updated_at: Date;
}

export const sessionColumns = 'context_id, title, metadata, last_seq, created_at, updated_at';

export function toSession(row: SessionRow): Session {
  return {
    id: row.context_id,
    title: row.title,
    ...(row.metadata === null ? {} : { metadata: row.metadata }),
    messageCount: row.last_seq,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
