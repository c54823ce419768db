/** Stores what sums up the older part of a session. */
import type { Checkpoint } from '@continuo/agent/internal/sessions/session-window.js';
import type { Database } from '../platform/database.js';

/** Nothing for a session that was deleted meanwhile, and nothing for messages that somebody else has summed up already. */
const sql = `
INSERT INTO session_checkpoints (session_id, up_to_seq, summary, created_at)
SELECT id, $2, $3, $4 FROM sessions WHERE id = $1
ON CONFLICT DO NOTHING`;

export async function saveCheckpoint(
  database: Database,
  key: string,
  { upToSeq, summary }: Checkpoint,
  at: Date,
): Promise<void> {
  await database.query(sql, [key, upToSeq, summary, at.toISOString()]);
}
