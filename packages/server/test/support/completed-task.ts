/** Waits for tasks to end, over HTTP. */
import { call, textAt } from './http-calls.js';
import { until } from './until.js';

/** The task as soon as it is completed; says in which state it is when it doesn't get there within `timeoutMs`. */
export function completedTask(serverUrl: string, id: string, timeoutMs = 60_000): Promise<unknown> {
  return until(
    async () => {
      const { body } = await call('GET', `${serverUrl}/tasks/${id}`);
      const state = textAt(body, 'status', 'state');
      if (state !== 'TASK_STATE_COMPLETED') throw new Error(`it is ${state}: ${JSON.stringify(body)}`);
      return body;
    },
    { what: `task ${id} to complete`, timeoutMs },
  );
}
