/** Which of a caller's tasks are meant, as SQL: lists and counts ask in the same words. */
import { isId } from '@continuo/agent/internal/platform/ids.js';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Caller } from '../platform/caller.js';
import { prefixQuery } from '../platform/prefix-query.js';
import { serverAgents } from './server-agents.js';
import { rowsById } from '../platform/rows-by-id.js';
import { tasksThatSay } from '../sessions/views.js';

export interface TaskFilter {
  readonly agent?: string | undefined;
  readonly contextId?: string | undefined;
  /** The key of the session that they are in. */
  readonly sessionKey?: string | undefined;
  readonly state?: TaskState | undefined;
  /** The state that they are not in. */
  readonly notInState?: TaskState | undefined;
  /** Whether they are held. */
  readonly held?: boolean | undefined;
  readonly statusAfter?: Date | undefined;
  readonly statusBefore?: Date | undefined;
  /** True: only those that no task has called, and the server did not begin by itself, unless its agent is asked for; false: only those that one has. */
  readonly topLevel?: boolean | undefined;
  readonly parentTaskId?: string | undefined;
  readonly rootTaskId?: string | undefined;
  /** Words that its messages say in its session; the last one may be a beginning. */
  readonly q?: string | undefined;
}

interface FilteredTasks {
  /** What stands after FROM, to be named `t`. */
  readonly source: string;
  /** All of these hold. */
  readonly where: string[];
  /** Of the parameters in both. */
  readonly values: unknown[];
  /** Words were asked for: what is found is few, and known as a whole before its first row. */
  readonly byWords: boolean;
}

export function filteredTasks(caller: Caller, filter: TaskFilter): FilteredTasks {
  const values: unknown[] = [caller.tenant, caller.owner];
  const where = ['t.tenant = $1', 't.owner = $2', ...conditions(filter, values)];
  const query = prefixQuery(filter.q);
  const source = query === undefined ? 'tasks' : rowsById('tasks', tasksThatSay('$1', '$2', `$${values.push(query)}`));
  return { source, where, values, byWords: query !== undefined };
}

/** What `filter` asks for beside words. */
function conditions(filter: TaskFilter, values: unknown[]): readonly string[] {
  const where: string[] = [];
  const add = (value: unknown, condition: (parameter: string) => string): void => {
    if (value === undefined) return;
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  add(filter.agent, (value) => `t.agent = ${value}`);
  add(filter.contextId, (value) => `t.context_id = ${value}`);
  add(filter.sessionKey, (value) => `t.session_id = ${value}`);
  add(filter.state, (value) => `t.state = ${value}`);
  add(filter.notInState, (value) => `t.state <> ${value}`);
  if (filter.held !== undefined) where.push(filter.held ? 't.held IS NOT NULL' : 't.held IS NULL');
  add(filter.statusAfter, (value) => `t.status_at >= ${value}`);
  add(filter.statusBefore, (value) => `t.status_at < ${value}`);
  if (filter.topLevel !== undefined) where.push(`t.parent_id IS ${filter.topLevel ? '' : 'NOT '}NULL`);
  if (filter.topLevel === true && filter.agent === undefined) add(serverAgents, (value) => `t.agent <> ALL (${value})`);
  for (const [column, id] of [
    ['parent_id', filter.parentTaskId],
    ['root_id', filter.rootTaskId],
  ] as const) {
    if (id !== undefined && !isId(id)) where.push('false');
    else add(id, (value) => `t.${column} = ${value}`);
  }
  return where;
}
