/** The stand-alone server with the swarm, in a process of its own, and what tests do with its campaigns. */
import { at, call, textAt, type Answer } from '../../../server/test/support/http-calls.js';
import { startServer, type ServerProcess } from '../../../server/test/support/server-process.js';
import { soon } from '../../../server/test/support/soon.js';
import { until } from '../../../server/test/support/until.js';

export function startCampaignServer(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  return startServer({ env: { ...soon, CONTINUO_AGENT_PACKAGES: '@continuo/swarm', ...env } });
}

/** Begins a task of `marketing/<agent>`, or answers one that asks: text as text, everything else as a data part. */
export async function tell(url: string, agent: string, content: unknown, taskId?: string): Promise<string> {
  const parts = [typeof content === 'string' ? { text: content } : { data: content }];
  const message = { parts, ...(taskId === undefined ? {} : { taskId }) };
  const { status, body } = await call('POST', `${url}/agents/marketing/${agent}/tasks`, { body: { message } });
  if (status >= 300) throw new Error(`refused with ${status}: ${JSON.stringify(body)}`);
  return textAt(body, 'id');
}

/** The same, with the task as it ended. */
export async function ask(url: string, agent: string, content: unknown): Promise<unknown> {
  const id = await tell(url, agent, content);
  return settled(url, id, ['COMPLETED', 'FAILED']);
}

export function inState(url: string, id: string, state: string): Promise<unknown> {
  return settled(url, id, [state]);
}

async function settled(url: string, id: string, states: readonly string[]): Promise<unknown> {
  const { task } = await until(
    async () => {
      const { body } = await call('GET', `${url}/tasks/${id}`);
      const state = textAt(body, 'status', 'state').replace('TASK_STATE_', '');
      if (!states.includes(state)) throw new Error(JSON.stringify(body).slice(0, 2_000));
      return { task: body };
    },
    { what: `task ${id} to be ${states.join(' or ')}` },
  );
  return task;
}

/** The task's artifacts by name: text, or the value of a data part. */
export function filesOf(task: unknown): Readonly<Record<string, unknown>> {
  const artifacts = (at(task, 'artifacts') ?? []) as readonly unknown[];
  return Object.fromEntries(
    artifacts.map((artifact) => {
      const part = at(artifact, 'parts', 0);
      return [textAt(artifact, 'name'), at(part, 'text') ?? at(part, 'data')];
    }),
  );
}

/** The tasks that `taskId` gave to `marketing/<member>`, the last first. */
export async function workOf(url: string, taskId: string, member: string): Promise<readonly unknown[]> {
  const query = `parentTaskId=${taskId}&agent=marketing/${member}&pageSize=100`;
  const { body }: Answer = await call('GET', `${url}/tasks?${query}`);
  return (at(body, 'tasks') ?? []) as readonly unknown[];
}
