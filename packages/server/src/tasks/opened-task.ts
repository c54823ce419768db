/** A task that was opened a moment ago: what its log says is known without reading it. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { LogFold } from '@continuo/agent/internal/tasks/fold.js';
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { fromWireState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Artifact, TaskStatus } from '@continuo/agent/internal/tasks/task.js';
import { USAGE_EXTENSION } from '@continuo/agent/internal/tasks/usage.js';
import { toTaskAt, type TaskAt, type TaskRow, type TaskView } from './read-tasks.js';

export interface OpenedTask {
  readonly id: string;
  readonly agent: string;
  /** With which its run began. */
  readonly agentVersion?: string | null;
  readonly contextId: string;
  readonly parentId: string | null;
  readonly rootId: string | null;
  readonly title: string;
  readonly message: Message;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly at: string;
  /** Whether its run began with it: then its log begins with two events, else with one. */
  readonly running: boolean;
}

/** The first events of its log. */
export function openedEvents(task: OpenedTask): LogEvent[] {
  const { id: taskId, contextId, at: timestamp, message, metadata } = task;
  const first = {
    id: taskId,
    contextId,
    status: { state: 'TASK_STATE_SUBMITTED' as const, timestamp },
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    history: [message],
  };
  const working = { taskId, contextId, status: { state: 'TASK_STATE_WORKING' as const, timestamp } };
  return [
    { taskId, seq: 1, response: { task: first } },
    ...(task.running ? [{ taskId, seq: 2, response: { statusUpdate: working } }] : []),
  ];
}

/** They, and what comes behind them. The first has a message of many megabytes, and a stream may last for days: none is kept. */
export async function* takenOut(first: LogEvent[], behind: AsyncIterable<LogEvent>): AsyncGenerator<LogEvent, void> {
  for (let event = first.shift(); event !== undefined; event = first.shift()) yield event;
  yield* behind;
}

/** What of its events is kept in memory for `foldOpened`; a longer log is read when it is complete. */
export const MOST_FOLDED = { events: 200, bytes: 1024 ** 2 } as const;

/**
 * The task after `events`, which are all of its log behind `openedEvents`, the last one of which completed it: as it
 * would be read from the database. Only for one that is `running`: another one's version is in its row alone.
 */
export function foldOpened(task: OpenedTask, events: readonly LogEvent[], view: TaskView): TaskAt {
  const row: TaskRow = {
    id: task.id,
    agent: task.agent,
    agent_version: task.agentVersion ?? null,
    context_id: task.contextId,
    title: task.title,
    parent_id: task.parentId,
    root_id: task.rootId,
    state: 'WORKING',
    status_message: null,
    status_at: new Date(task.at),
    created_at: new Date(task.at),
    progress: null,
    stage: null,
    metadata: task.metadata,
    error: null,
    held: null,
    last_seq: openedEvents(task).length,
    attempt: 1,
    usage: null,
    history: [task.message],
    chunks: null,
  };
  const log = new LogFold<Artifact, Message, TaskStatus>();
  log.history.push(task.message);
  for (const { seq, response } of events) {
    row.last_seq = seq;
    log.add(response);
  }
  const { history, howFar, status, artifacts } = log;
  if (status !== undefined) {
    row.state = fromWireState(status.state) ?? row.state;
    row.status_message = status.message ?? null;
    row.status_at = new Date(status.timestamp);
  }
  row.progress = howFar.fraction ?? null;
  row.stage = howFar.stage ?? null;
  row.held = howFar.held ?? null;
  row.history = view.historyLength === 0 ? null : history.slice(-(view.historyLength ?? history.length));
  row.elsewhere = artifacts.toArray();
  const at = toTaskAt(row, view);
  const spent = usageIn(events);
  if (spent === undefined) return at;
  return { ...at, task: { ...at.task, metadata: { ...at.task.metadata, [USAGE_EXTENSION]: spent } } };
}

/** The last event of a task whose only run has asked language models says what that took. */
function usageIn(events: readonly LogEvent[]): unknown {
  const last = events.at(-1)?.response;
  return last !== undefined && 'statusUpdate' in last ? last.statusUpdate.metadata?.[USAGE_EXTENSION] : undefined;
}
