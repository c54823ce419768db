/** Accepts tasks: the task, its first events, its session and the user's message, all in one statement or not at all. */
import { TerminalError, type ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { StoredTrace } from '@continuo/agent/internal/platform/tracing.js';
import { versionOrder } from '@continuo/agent/internal/platform/version-order.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { EventRow } from '@continuo/agent/internal/tasks/task-event.js';
import type { MessageRow } from '../sessions/append-messages.js';
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { pagesText } from './new-pages.js';
import { openAny, openAnyWithinQuota, openOrdinary, openOrdinaryWithinQuota } from './open-statement.js';
import { tooManyTasks } from './too-many-tasks.js';

/** A run that begins with its task. */
export interface FirstRun {
  readonly token: string;
  readonly instanceId: string;
  /** With which version of the agent. */
  readonly agentVersion?: string;
}

export interface NewTask {
  readonly id: string;
  readonly caller: Caller;
  readonly agent: string;
  readonly contextId: string;
  /** Null: the task runs stateless, no session is opened or written to. */
  readonly sessionId: string | null;
  /** With contextId and taskId set. */
  readonly message: Message;
  readonly title: string;
  readonly parentId: string | null;
  readonly rootId: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly at: string;
  readonly startAt?: Date | undefined;
  readonly priority?: number | undefined;
  /** The run that begins at once; null: the task waits until one claims it. */
  readonly run: FirstRun | null;
  /** The run of the parent that opens it: when that has lost its task, or ended it, nothing is opened. */
  readonly parentToken?: string;
  /** The task that has to end before this one may run. */
  readonly blockedBy?: string | null;
  /** The row of `message` in its session. */
  readonly sessionMessage: MessageRow | null;
  /** Where it is in a trace; undefined without tracing. */
  readonly trace?: StoredTrace | undefined;
}

/** What became of a new task: its run has begun, or has to be begun, now or at its time; or it was there already. */
export type Opened = 'running' | 'waiting' | 'later' | 'known';

/** How far tasks may call others, and how many an owner may have; 0 in any place: any number. */
export interface OpenLimits {
  /** Calls between a root and the deepest of its descendants. */
  readonly depth: number;
  /** Tasks of one root, itself included. */
  readonly tasks: number;
  /** Tasks of one owner that have not ended, without what these call. */
  readonly active: number;
}

/** Statements and their names, as connections keep them. */
const unlimited = {
  any: { name: 'open-any-tasks', text: openAny },
  ordinary: { name: 'open-tasks', text: openOrdinary },
};
const withinQuota = {
  any: { name: 'open-any-tasks-within-quota', text: openAnyWithinQuota },
  ordinary: { name: 'open-tasks-within-quota', text: openOrdinaryWithinQuota },
};

export const NO_LIMITS: OpenLimits = { depth: 0, tasks: 0, active: 0 };

/**
 * A known task is there already: the same id, or the same messageId in the same context of the same owner; or the run of
 * its parent is over. What would go beyond `limits` gets an error instead, which names the limit: a child a TerminalError,
 * any other QUOTA_EXCEEDED.
 */
export async function openTasks(
  database: Pick<Database, 'inTime'>,
  tasks: readonly NewTask[],
  limits = NO_LIMITS,
): Promise<readonly (Opened | TerminalError | ContinuoError)[]> {
  type Row = { id: string; became: Opened | 'too-deep' | 'too-many' | 'no-room' };
  const pages = pagesText(tasks.flatMap(firstEvents));
  const { any, ordinary } = limits.active > 0 ? withinQuota : unlimited;
  const quota = limits.active > 0 ? [limits.active] : [];
  const rows = isOrdinary(tasks)
    ? await database.inTime<Row>(ordinary.name, ordinary.text, [
        JSON.stringify(tasks.map(toOrdinaryItem)),
        pages,
        ...quota,
      ])
    : await database.inTime<Row>(any.name, any.text, [
        JSON.stringify(tasks.map(toItem)),
        pages,
        JSON.stringify(tasks.map((task) => task.sessionMessage).filter((row) => row !== null)),
        limits.depth,
        limits.tasks,
        ...quota,
      ]);
  const became = new Map(rows.map((row) => [row.id, row.became]));
  return tasks.map(({ id, agent }) => {
    const opened = became.get(id) ?? 'known';
    if (opened === 'too-deep') return tooDeep(agent, limits);
    if (opened === 'no-room') return tooManyTasks(limits.active);
    return opened === 'too-many' ? tooMany(agent, limits) : opened;
  });
}

function tooDeep(agent: string, { depth }: OpenLimits): TerminalError {
  return new TerminalError(
    `${agent} was not called: calls may be ${depth} deep below the task that a user began (CONTINUO_LIMIT_CALL_DEPTH).`,
  );
}

function tooMany(agent: string, { tasks }: OpenLimits): TerminalError {
  return new TerminalError(
    `${agent} was not called: the task that a user began may grow to ${tasks} tasks with all that it calls (CONTINUO_LIMIT_TREE_TASKS).`,
  );
}

function versionOf(run: NewTask['run']): Readonly<Record<string, unknown>> {
  if (run?.agentVersion === undefined) return {};
  return { agent_version: run.agentVersion, agent_rank: versionOrder(run.agentVersion) };
}

/** Whether users begin them, to run at once, each in another session or in none. */
function isOrdinary(tasks: readonly NewTask[]): boolean {
  const sessions = tasks.map(({ sessionId }) => sessionId).filter((id) => id !== null);
  return new Set(sessions).size === sessions.length && tasks.every(saysNothingRare);
}

function saysNothingRare(task: NewTask): boolean {
  const { sessionId, sessionMessage, parentId, rootId, parentToken, blockedBy, startAt, priority } = task;
  const rare = [parentId, rootId, parentToken, blockedBy, startAt, priority];
  // The message's row in the session says what the task says.
  const { message, at, agent, id } = task;
  const own =
    sessionMessage === null
      ? sessionId === null
      : sessionMessage.message === message &&
        sessionMessage.message_id === message.messageId &&
        sessionMessage.task_id === id &&
        sessionMessage.agent === agent &&
        sessionMessage.created_at === at;
  return own && rare.every((value) => value === undefined || value === null);
}

function toOrdinaryItem(task: NewTask, pos: number): Readonly<Record<string, unknown>> {
  return { words: task.sessionMessage?.words, ...itemOf(task, pos) };
}

function toItem(task: NewTask, pos: number): Readonly<Record<string, unknown>> {
  return {
    ...itemOf(task, pos),
    parent_id: task.parentId,
    root_id: task.rootId,
    blocked_by: task.blockedBy ?? null,
    parent_token: task.parentToken ?? null,
    start_at: task.startAt ?? null,
    priority: task.priority ?? null,
  };
}

function itemOf(task: NewTask, pos: number): Readonly<Record<string, unknown>> {
  return {
    pos,
    id: task.id,
    tenant: task.caller.tenant,
    owner: task.caller.owner,
    agent: task.agent,
    context_id: task.contextId,
    session_id: task.sessionId,
    message_id: task.message.messageId,
    title: task.title,
    metadata: task.metadata,
    at: task.at,
    token: task.run?.token ?? null,
    instance_id: task.run?.instanceId ?? null,
    ...versionOf(task.run),
    trace: task.trace,
  };
}

/** The task as it was asked for, and that its run has begun. */
function firstEvents({ id, contextId, at, metadata, message, run }: NewTask): readonly EventRow[] {
  const shared = { task_id: id, artifact_id: null, created_at: at };
  const payload = {
    id,
    contextId,
    status: { state: 'TASK_STATE_SUBMITTED' as const, timestamp: at },
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
  const working = { taskId: id, contextId, status: { state: 'TASK_STATE_WORKING' as const, timestamp: at } };
  const accepted: EventRow = { ord: 1, key: 'task', kind: 'task', payload, message, ...shared };
  if (run === null) return [accepted];
  return [accepted, { ord: 2, key: 'working', kind: 'statusUpdate', payload: working, message: null, ...shared }];
}
