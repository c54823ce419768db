/** Two servers on one database, and what tests of tasks ask either of them. */
import { createTestDatabase } from './database.js';
import { at, call, textAt, type Answer } from './http-calls.js';
import { startServer, type ServerProcess } from './server-process.js';
import { soon } from './soon.js';
import { until } from './until.js';

const entry = new URL('./attempts-server.mjs', import.meta.url).pathname;
/** So that tests see within seconds what takes longer by default. */
export const quick = { ...soon, CONTINUO_SWEEP_MS: '100' };

/** Starts both; they run the agents of attempts-server.mjs. `more`: settings in place of the quick ones. */
export async function startTwo(
  more: Readonly<Record<string, string>> = {},
): Promise<readonly [ServerProcess, ServerProcess]> {
  const env = { ...more, DATABASE_URL: (await createTestDatabase()).url };
  const first = await startOne(env);
  return [first, await startOne(env)];
}

export function startOne(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  return startServer({ entry, env: { ...quick, ...env } });
}

/** Begins a task of `test/<agent>`; text is sent as text, everything else as a data part. */
export async function begin(url: string, agent: string, content: unknown = 'go'): Promise<string> {
  const message = { parts: [typeof content === 'string' ? { text: content } : { data: content }] };
  const { status, body } = await call('POST', `${url}/agents/test/${agent}/tasks`, { body: { message } });
  if (status !== 201) throw new Error(`no task but ${status}: ${JSON.stringify(body)}`);
  return textAt(body, 'id');
}

/** The id of the one task that there is; of a server that may have died before it answered, the next one is asked. */
export async function onlyTaskOf(url: string): Promise<string> {
  const { body } = await call('GET', `${url}/tasks`);
  if (at(body, 'tasks', 1) !== undefined) throw new Error(`more than one task: ${JSON.stringify(body)}`);
  return textAt(at(body, 'tasks', 0), 'id');
}

/** The task as soon as it is in `state`. */
export function inState(url: string, id: string, state: string): Promise<unknown> {
  return until(
    async () => {
      const { body } = await call('GET', `${url}/tasks/${id}`);
      if (at(body, 'status', 'state') !== `TASK_STATE_${state}`) throw new Error(JSON.stringify(body));
      return { task: body };
    },
    { what: `task ${id} to be ${state}` },
  ).then(({ task }) => task);
}

export function answer(url: string, agent: string, taskId: string, content: unknown, headers = {}): Promise<Answer> {
  const message = { taskId, parts: [typeof content === 'string' ? { text: content } : { data: content }] };
  return call('POST', `${url}/agents/test/${agent}/tasks`, { body: { message, wait: true }, headers });
}

/** Why a request was refused: `{ http, reason, field }`. */
export function refusalOf({ status, body }: Answer): Readonly<Record<string, unknown>> {
  const info = at(body, 'error', 'details', 0);
  return { http: status, reason: at(info, 'reason'), field: at(info, 'metadata', 'field') };
}
