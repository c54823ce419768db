/** The list of tasks as the API offers it: which parameters it takes and what it answers. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { stateNamed, taskStates, toWireState, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Caller } from '../platform/caller.js';
import { sessionKey } from '../sessions/append-messages.js';
import type { TaskCounts } from '../tasks/count-by-state.js';
import type { TaskFilter } from '../tasks/task-filter.js';
import type { TaskList } from '../tasks/task-list.js';
import type { TasksService } from '../tasks/tasks-service.js';
import { sharedParameters, type SharedAccess } from './shared-access.js';
import { choice, flag, flagIfGiven, historyLength, moment, paging, search, text } from './query-parameters.js';

/** `WORKING` or `TASK_STATE_WORKING`; A2A's UNSPECIFIED means any. */
const state = text
  .transform((value, context): TaskState | undefined => {
    if (value === undefined || value === 'TASK_STATE_UNSPECIFIED') return undefined;
    const known = stateNamed(value);
    if (known === undefined) {
      context.issues.push({ code: 'custom', input: value, message: `expected one of ${taskStates.join(', ')}` });
    }
    return known;
  })
  .meta({ parameter: { type: 'string', enum: taskStates.flatMap((name) => [name, toWireState(name)]) } });

/** `contextId`, `status` and `statusTimestampAfter` are what A2A's ListTasks calls the same things. */
export const taskListParameters = z.object({
  ...paging,
  agent: text.describe('As `type/name`.'),
  state,
  status: state.describe('What A2A calls `state`; `TASK_STATE_UNSPECIFIED` counts as absent.'),
  held: flagIfGiven.describe('true: those that fitting code must take up; false: all others.'),
  sessionId: text,
  contextId: text.describe('What A2A calls `sessionId`.'),
  statusTimestampAfter: moment.describe('Those whose state has changed since.'),
  statusTimestampBefore: moment.describe('Those whose state has not changed since.'),
  topLevel: flagIfGiven.describe(
    'true: those that no task has called, without what the server begins by itself (memories, titles); false: those that one has.',
  ),
  rootTaskId: text.describe('A task with all that it called.'),
  parentTaskId: text.describe('What a task called itself.'),
  q: search,
  owner: sharedParameters.shape.owner,
  historyLength,
  includeArtifacts: flag(false),
  order: choice(['asc', 'desc'], 'desc').describe('By last change: `desc` is newest first.'),
});

/** The same filters, but for what is counted. */
export const taskCountParameters = taskListParameters.omit({
  pageSize: true,
  pageToken: true,
  state: true,
  status: true,
  held: true,
  historyLength: true,
  includeArtifacts: true,
  order: true,
});

interface Reading {
  readonly tasks: TasksService;
  readonly access: SharedAccess;
}

/**
 * One page of the caller's tasks, or of those of a shared session, newest change first unless the query says otherwise.
 * Without `historyLength` they come without history.
 */
export async function listTasks(
  { tasks, access }: Reading,
  caller: Caller,
  query: unknown,
  fixed: Pick<TaskFilter, 'agent'> = {},
): Promise<TaskList> {
  const given = parse(taskListParameters, query, '');
  const { whose, filter } = await meant(access, caller, query, { ...given, ...fixed });
  const page = await tasks.list(whose, filter, {
    size: given.pageSize,
    token: given.pageToken,
    historyLength: given.historyLength ?? 0,
    artifacts: given.includeArtifacts,
    order: given.order,
  });
  return {
    tasks: page.tasks.map(({ task }) => task),
    nextPageToken: page.nextPageToken,
    pageSize: given.pageSize,
    totalSize: page.totalSize,
  };
}

/** How many of the tasks that `listTasks` would list are in each state. */
export async function countTasks({ tasks, access }: Reading, caller: Caller, query: unknown): Promise<TaskCounts> {
  const given = parse(taskCountParameters, query, '');
  const { whose, filter } = await meant(access, caller, query, given);
  return tasks.counts(whose, filter);
}

type Given = z.output<typeof taskCountParameters> &
  Partial<Pick<z.output<typeof taskListParameters>, 'state' | 'status' | 'held'>>;

/** Whose tasks, and which of them. */
async function meant(
  access: SharedAccess,
  caller: Caller,
  query: unknown,
  given: Given,
): Promise<{ readonly whose: Caller; readonly filter: TaskFilter }> {
  const contextId = given.sessionId ?? given.contextId;
  if (contextId === undefined && given.owner !== undefined && given.owner !== caller.owner) {
    throw invalidArgument('sessionId', 'the session that the owner shares');
  }
  const whose = await access.toSession(caller, query, contextId ?? '', 'read');
  const filter: TaskFilter = {
    agent: given.agent,
    state: given.state ?? given.status,
    held: given.held,
    contextId,
    sessionKey: whose === caller ? undefined : sessionKey(whose, contextId ?? ''),
    statusAfter: given.statusTimestampAfter,
    statusBefore: given.statusTimestampBefore,
    topLevel: given.topLevel,
    rootTaskId: given.rootTaskId,
    parentTaskId: given.parentTaskId,
    q: given.q,
  };
  return { whose, filter };
}
