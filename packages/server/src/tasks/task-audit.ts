/** What the audit log says of whoever cancels, answers or retries a task: recorded by the statement that does it. */
import { isId } from '@continuo/agent/internal/platform/ids.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { INPUT_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import { questionName } from '../runs/views.js';

/** Who asks for something: their name, or null for the server itself and for agents, whose doings are not in the audit log. */
export type Actor = string | null;

export interface TaskAudit {
  /** Null: nothing is recorded. */
  readonly by: Actor;
  readonly action: 'task.canceled' | 'task.retried' | 'task.answered';
  /** Beside the agent, and the task's owner where that is somebody else. */
  readonly details?: Readonly<Record<string, string | number>>;
  /** The question that is answered, whose name goes into the details. */
  readonly question?: { readonly taskId: string; readonly id: string } | undefined;
}

export interface AuditRow {
  readonly task_id: string;
  readonly actor: string;
  readonly action: TaskAudit['action'];
  readonly details: TaskAudit['details'];
  readonly asked_by: string | undefined;
  readonly question: string | undefined;
}

/** How the room that has the audit log records rows of a SQL expression; see recordingAudit. */
export type Auditing = (rows: string) => string;

interface Audited {
  readonly taskId: string;
  readonly agent: string;
  readonly audit?: TaskAudit | undefined;
}

export function toAuditRows({ taskId, agent, audit }: Audited): readonly AuditRow[] {
  if (audit === undefined || audit.by === null) return [];
  const { by: actor, action, details, question } = audit;
  const asked = { asked_by: question?.taskId, question: question?.id };
  return [{ task_id: taskId, actor, action, details: { agent, ...details }, ...asked }];
}

/** Rows of `parameter`, JSON, as the audit log takes them; joins `moved`, so that nothing is recorded which did not happen. */
export const auditRows = (parameter: string): string => `(
  SELECT m.tenant, w.actor AS owner, w.action, m.id::text AS subject,
    w.details || jsonb_strip_nulls(jsonb_build_object(
      'taskOwner', nullif(m.owner, w.actor), 'question', ${questionName('w.asked_by', 'w.question')})) AS details
  FROM json_to_recordset(${parameter}) AS w(task_id uuid, actor text, action text, details jsonb, asked_by uuid, question uuid)
  JOIN moved m ON m.id = w.task_id)`;

/** The question of an agent behind the message with which a task asks: its own, or that of what it has called. */
export function questionBehind(taskId: string, asked: Message | undefined): TaskAudit['question'] {
  const request = asked?.metadata?.[INPUT_EXTENSION];
  const passedOn =
    typeof request === 'object' && request !== null && 'askedBy' in request ? request.askedBy : undefined;
  const question = (passedOn ?? { taskId, question: asked?.messageId }) as Readonly<Record<string, unknown>>;
  const { taskId: asking, question: id } = question;
  if (typeof asking !== 'string' || typeof id !== 'string' || !isId(asking) || !isId(id)) return undefined;
  return { taskId: asking, id };
}
