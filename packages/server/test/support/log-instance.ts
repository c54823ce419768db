/** One instance's hold on the event log, without agents and engine: tests are the runs. */
import { randomUUID } from 'node:crypto';
import { systemClock, type Clock } from '@continuo/agent/internal/platform/clock.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { NewArtifactChunk, NewEvent, NewStatus } from '@continuo/agent/internal/tasks/task-event.js';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import { recordingAudit } from '../../src/auth/recording-audit.js';
import { registerInstance } from '../../src/runs/instances.js';
import type { Caller } from '../../src/platform/caller.js';
import { ContentObjects } from '../../src/files/content-objects.js';
import { ContentStores } from '../../src/files/content-stores.js';
import { parseFileStorage } from '../../src/platform/file-storage.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { sessionKey, toMessageRow } from '../../src/sessions/append-messages.js';
import type { Append } from '../../src/tasks/append-events.js';
import { EventLog } from '../../src/tasks/event-log.js';
import type { NewTask } from '../../src/tasks/open-tasks.js';
import { Subscriptions } from '../../src/tasks/subscriptions.js';
import { TasksService } from '../../src/tasks/tasks-service.js';
import { journalRecords } from '../../src/runs/journal-rows.js';
import { afterThisTest } from './outcome.js';

const agent = 'test/agent';
export const recordedWithTheLog = { ...journalRecords, auditing: recordingAudit };

export interface LogInstance {
  readonly id: string;
  readonly database: Database;
  readonly log: EventLog;
  readonly tasks: TasksService;
  readonly subscriptions: Subscriptions;
}

/** A task whose run the test is. */
export interface OwnTask {
  readonly id: string;
  readonly token: string;
  readonly contextId: string;
  readonly caller: Caller;
  /** As it was opened. */
  readonly opened: NewTask;
}

/** Joins the instances of this database; stopped after the file. `files`: as CONTINUO_FILES. */
export async function startLogInstance(
  databaseUrl: string,
  clock: Clock = systemClock,
  files = '',
): Promise<LogInstance> {
  const quiet = createLog('silent');
  const database = new Database(databaseUrl, { poolSize: 4, log: quiet });
  const subscriptions = new Subscriptions(database, clock, quiet);
  const log = new EventLog(
    database,
    subscriptions,
    recordedWithTheLog,
    new ContentObjects(database, new ContentStores(database, parseFileStorage(files), quiet)),
  );
  const tasks = new TasksService(database, log, subscriptions, clock, quiet);
  const id = newId();
  await registerInstance(database, id, 'test', process.pid);
  subscriptions.start();
  afterThisTest(async () => {
    await subscriptions.stop();
    await database.close();
  });
  return { id, database, log, tasks, subscriptions };
}

/** Nobody else sees what belongs to this caller. */
export function newCaller(): Caller {
  return { tenant: 'test', owner: randomUUID() };
}

/** A new task, opened as running: the test appends in the name of its run. */
export async function openTask(
  { id: instanceId, log }: LogInstance,
  details: Partial<Pick<NewTask, 'caller' | 'contextId' | 'metadata' | 'at'>> = {},
): Promise<OwnTask> {
  const { caller = newCaller(), contextId = newId(), metadata = {}, at = new Date().toISOString() } = details;
  const [id, token] = [newId(), newId()];
  const message = { messageId: newId(), contextId, taskId: id, role: 'ROLE_USER' as const, parts: [{ text: 'go' }] };
  const opened: NewTask = {
    id,
    caller,
    agent,
    contextId,
    sessionId: sessionKey(caller, contextId),
    message,
    title: 'go',
    parentId: null,
    rootId: null,
    metadata,
    at,
    run: { token, instanceId },
    sessionMessage: toMessageRow(message, id, agent, at),
  };
  await log.open(opened);
  return { id, token, contextId, caller, opened };
}

/** What the `runSeq`-th append of the task's run says. */
export function appendOf(
  { id: taskId, contextId, token }: OwnTask,
  runSeq: number,
  events: readonly NewEvent[],
  details: Partial<Append> = {},
): Append {
  const at = new Date().toISOString();
  return { taskId, contextId, agent, guard: { token, runSeq }, events, sessionMessages: [], at, ...details };
}

export function status(state: TaskState, details: Partial<NewStatus> = {}): NewStatus {
  return { kind: 'statusUpdate', key: newId(), state, ...details };
}

/** A chunk of text of the artifact `artifactId`. */
export function chunk(artifactId: string, text: string, details: Partial<NewArtifactChunk> = {}): NewArtifactChunk {
  const artifact = { artifactId, parts: [{ text }] };
  return { kind: 'artifactUpdate', key: newId(), artifact, append: true, lastChunk: false, ...details };
}

/** What the agent says in this task. */
export function sayIn({ id: taskId, contextId }: OwnTask, text: string): Message {
  return { messageId: newId(), contextId, taskId, role: 'ROLE_AGENT', parts: [{ text }] };
}
