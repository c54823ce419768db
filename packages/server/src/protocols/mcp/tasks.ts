/** Tasks of MCP: each is one of ours, under the same id. */
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { textOf } from '@continuo/agent/internal/sessions/message.js';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import { PROGRESS_EXTENSION, type Task } from '@continuo/agent/internal/tasks/task.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { principalOf } from '../../auth/principal.js';
import type { Caller, Scope } from '../../platform/caller.js';
import { bare, type TaskAt } from '../../tasks/read-tasks.js';
import { anyCaller, taskFor } from '../named-agent.js';
import type { McpCall } from './call.js';

const POLL_MS = 1_000;
const PAGE = 50;

type McpStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

const statuses: Readonly<Record<TaskState, McpStatus>> = {
  SUBMITTED: 'working',
  WORKING: 'working',
  INPUT_REQUIRED: 'input_required',
  AUTH_REQUIRED: 'input_required',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELED: 'cancelled',
  REJECTED: 'failed',
};

const namedSchema = z.object({ taskId: z.string() });
const pageSchema = z.object({ cursor: z.string().default('') });

/** Tasks are kept as the server keeps them, which is longer than any client waits: they have no `ttl`. */
export function toMcpTask({ task, state }: Pick<TaskAt, 'task' | 'state'>) {
  const { id, status } = task;
  const progress = progressIn(task);
  const said = textOf(status.message?.parts ?? []) || progress['stage'];
  return {
    taskId: id,
    status: statuses[state],
    ...(typeof said === 'string' && said !== '' ? { statusMessage: said } : {}),
    createdAt: typeof progress['createdAt'] === 'string' ? progress['createdAt'] : status.timestamp,
    lastUpdatedAt: status.timestamp,
    ttl: null,
    pollInterval: POLL_MS,
  };
}

function progressIn({ metadata }: Task): Readonly<Record<string, unknown>> {
  const progress = metadata?.[PROGRESS_EXTENSION];
  return isObject(progress) ? progress : {};
}

/** The task that the parameters name, and whose it is. Throws TASK_NOT_FOUND. */
export function namedTask({ request, params, parts: { tasks } }: McpCall, scope: Scope) {
  const { taskId: id } = parse(namedSchema, params ?? {}, 'params');
  return taskFor(request, scope, { tasks, id });
}

export async function getTask(call: McpCall) {
  return toMcpTask((await namedTask(call, 'read')).at);
}

/** Those that people have begun, latest change first; of a key for some agents alone, theirs. */
export async function listTasks({ request, params, parts: { tasks } }: McpCall) {
  const caller = anyCaller(request, 'read');
  const { cursor: token } = parse(pageSchema, params ?? {}, 'params');
  const page = await tasks.list(caller, { topLevel: true }, { ...bare, size: PAGE, token });
  const { agents } = principalOf(request);
  const own = page.tasks.filter(({ agent }) => agents === undefined || agents.includes(agent));
  return { tasks: own.map(toMcpTask), ...(page.nextPageToken === '' ? {} : { nextCursor: page.nextPageToken }) };
}

/** Throws TASK_NOT_CANCELABLE for one that has ended. */
export async function cancelTask(call: McpCall) {
  const { caller, at } = await namedTask(call, 'write');
  return toMcpTask(await cancelled(call, caller, at.task.id));
}

async function cancelled({ parts: { calls, tasks } }: McpCall, caller: Caller, id: string): Promise<TaskAt> {
  await calls.cancel(caller, id);
  return tasks.get(caller, id, bare);
}
