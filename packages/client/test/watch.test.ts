/** `tasks.watch` gives a task as it is: what it once waited for, and attempts that failed, are over. */
import { expect, it } from 'vitest';
import { ContinuoClient } from '../src/index.js';
import { httpServer } from './support/http-server.js';

const states = [
  'SUBMITTED',
  'INPUT_REQUIRED',
  'WORKING',
  'FAILED',
  'WORKING',
  'INPUT_REQUIRED',
  'WORKING',
  'COMPLETED',
];
/** So far the task has come when it is first read. */
const FIRST_READ_AT = 5;

function statusAt(seq: number) {
  return { state: `TASK_STATE_${states[seq - 1]}`, timestamp: '2026-01-31T12:00:00Z' };
}

it('gives no state that was over when it began to watch', async () => {
  let reads = 0;
  const url = await httpServer(({ url: asked = '', headers }, response) => {
    if (asked.includes('/events')) {
      const isRead = headers['last-event-id'] !== undefined;
      const events = states.map(
        (_, at) =>
          `id: ${at + 1}\ndata: ${JSON.stringify({ statusUpdate: { taskId: '1', contextId: '2', status: statusAt(at + 1) } })}\n\n`,
      );
      response.writeHead(isRead ? 204 : 200, { 'content-type': 'text/event-stream' });
      response.end(isRead ? undefined : events.join(''));
      return;
    }
    reads += 1;
    const seq = reads === 1 ? FIRST_READ_AT : states.length;
    response.writeHead(200, { 'content-type': 'application/json', 'last-event-id': String(seq) });
    response.end(JSON.stringify({ id: '1', contextId: '2', status: statusAt(seq), metadata: {} }));
  });
  const seen: string[] = [];
  for await (const { status } of new ContinuoClient({ url }).tasks.watch('1')) seen.push(status.state);
  expect(seen.map((state) => state.replace('TASK_STATE_', ''))).toEqual([
    'WORKING',
    'INPUT_REQUIRED',
    'WORKING',
    'COMPLETED',
    'COMPLETED',
  ]);
});
