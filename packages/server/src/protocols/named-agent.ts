/** For whom a protocol works that names its agent or task in a call instead of in the path: the door could not look at it. */
import type { Request } from 'express';
import type { AgentRegistry, RegisteredAgent } from '@continuo/agent/internal/agents/agent-registry.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { refuseOtherAgents } from '../auth/door.js';
import { callerOf, principalOf } from '../auth/principal.js';
import type { Caller, Scope } from '../platform/caller.js';
import { bare, type TaskAt } from '../tasks/read-tasks.js';
import { taskNotFound } from '../tasks/task-not-found.js';
import type { TasksService } from '../tasks/tasks-service.js';

/** Whatever its path has as parameters. */
type AnyRequest = Pick<Request, 'query' | 'res'>;

/**
 * The caller, who needs `scope` and may call `agent` (`type/name`). A query may name the tenant, as everywhere.
 * Throws UNAUTHENTICATED, PERMISSION_DENIED, and TENANT_NOT_FOUND.
 */
export function callerFor(request: AnyRequest, scope: Scope, agent: string): Caller {
  refuseOtherAgents(principalOf(request), agent);
  return anyCaller(request, scope);
}

/** The agent that a path names as `/:type/:name`, and who may call it. */
export function callerOfPath(
  request: Request<{ readonly type: string; readonly name: string }>,
  scope: Scope,
): { readonly agent: string; readonly caller: Caller } {
  const { type, name } = request.params;
  const agent = `${type}/${name}`;
  return { agent, caller: callerFor(request, scope, agent) };
}

/** Throws AGENT_NOT_FOUND, naming the field in which `agent` stands, for one that this server hasn't. */
export function requireAgent(registry: AgentRegistry, agent: string, field: string): void {
  if (!registry.has(agent)) throw new ContinuoError('AGENT_NOT_FOUND', `There is no agent "${agent}".`, { field });
}

/** The caller of what is about no agent. */
export function anyCaller(request: AnyRequest, scope: Scope): Caller {
  const { tenant } = request.query;
  return callerOf(request, scope, typeof tenant === 'string' ? tenant : undefined);
}

/** The agents that the caller may call, without those that work for other agents alone. */
export function agentsFor(request: Request, registry: AgentRegistry): readonly RegisteredAgent[] {
  const { agents } = principalOf(request);
  return registry
    .list()
    .filter(({ description, key }) => !description.internal && (agents === undefined || agents.includes(key)));
}

/** A task of the caller's, with who that is. Throws TASK_NOT_FOUND, also for one of an agent that the caller may not call. */
export async function taskFor(
  request: Request,
  scope: Scope,
  { tasks, id }: { readonly tasks: TasksService; readonly id: string },
): Promise<{ readonly caller: Caller; readonly at: TaskAt }> {
  const caller = anyCaller(request, scope);
  const at = await tasks.get(caller, id, bare);
  const { agents } = principalOf(request);
  if (agents !== undefined && !agents.includes(at.agent)) throw taskNotFound(id);
  return { caller, at };
}
