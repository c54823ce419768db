/** Opens a task of a conversation in which only one may be under way: each agent's tasks there take turns. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { ConversationMode } from '@continuo/agent/internal/tasks/conversation-modes.js';
import type { Database } from '../platform/database.js';
import { openTasks, type NewTask, type Opened, type OpenLimits } from './open-tasks.js';

/** Ends tasks that are under way with statements of `client`, for `interrupt`; answers with those that it ended. */
export type Interrupt = (client: Pick<Database, 'inTime'>, taskIds: readonly string[]) => Promise<readonly string[]>;

/** What became of the new task, and which tasks its opening has ended. */
export interface Turn {
  readonly opened: Opened;
  readonly interrupted: readonly string[];
}

const underWaySql = `
SELECT id, message_id FROM tasks
WHERE tenant = $1 AND owner = $2 AND context_id = $3 AND agent = $4
  AND (message_id = $5 OR session_id IS NOT DISTINCT FROM $6
       AND state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED'))
ORDER BY created_at, id`;

/**
 * `enqueue` opens it behind the last one; `interrupt` ends those before it in the same transaction: either both has
 * happened or nothing. Throws UNSUPPORTED_OPERATION for `reject` when one is under way, and QUOTA_EXCEEDED. Two at once, also on two
 * instances, come one after the other.
 */
export function takeTurn(
  database: Database,
  task: NewTask,
  { mode, limits }: { readonly mode: Exclude<ConversationMode, 'parallel'>; readonly limits: OpenLimits },
  interrupt: Interrupt,
): Promise<Turn> {
  const { tenant, owner } = task.caller;
  const conversation = [tenant, owner, task.contextId, task.agent];
  return database.transaction(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify(conversation)]);
    const before = await client.query<{ id: string; message_id: string }>(underWaySql, [
      ...conversation,
      task.message.messageId,
      task.sessionId,
    ]);
    // It ends with a COMMIT of ours, which nobody sends any more who has given up.
    const statements: Pick<Database, 'inTime'> = {
      inTime: (_name, text, values) => client.query(text, [...values, 'infinity']),
    };
    const open = async (next: NewTask, interrupted: readonly string[] = []): Promise<Turn> => {
      const [opened = 'known'] = await openTasks(statements, [next], limits);
      if (opened instanceof Error) throw opened;
      return { opened, interrupted };
    };
    const last = before.at(-1);
    const repeated = before.some((other) => other.message_id === task.message.messageId);
    if (last === undefined || repeated) return open(task);
    if (mode === 'reject') {
      throw new ContinuoError(
        'UNSUPPORTED_OPERATION',
        `Task ${last.id} of this conversation is under way, and ${task.agent} takes one message at a time.`,
      );
    }
    if (mode === 'enqueue') return open({ ...task, run: null, blockedBy: last.id });
    const interrupted = await interrupt(
      statements,
      before.map((other) => other.id),
    );
    return open(task, interrupted);
  });
}
