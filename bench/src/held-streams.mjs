/** Event streams of tasks and sessions that say nothing: the client opens them, and keeps them. */
import { askedTask, subscribe } from './client.mjs';
import { open } from './http.mjs';

const AT_ONCE = 32;

/** @typedef {import("./client.mjs").Waiting} Waiting */
/** @typedef {"task" | "session"} Kind of a task that waits (A2A's SubscribeToTask), or of a session */

/** @type {import("node:http").IncomingMessage[]} */
let held = [];

/**
 * @template T, R
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<R>} work
 * @returns {Promise<R[]>} in the order in which they were done
 */
async function some(items, work) {
  const left = items.values();
  /** @type {R[]} */
  const done = [];
  const worker = async () => {
    // One iterator for all of them: each item is taken once.
    for (const item of left) done.push(await work(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done;
}

/** @param {{ base: string, tasks: number }} load @returns {Promise<Waiting[]>} each in a session of its own */
export function waitingTasks({ base, tasks }) {
  return some(Array.from({ length: tasks }), () => askedTask(base, 'steps', { steps: 0 }));
}

/**
 * One stream of each task, open until `closeStreams`; each has sent what there was.
 *
 * @param {{ base: string, kind: Kind, tasks: readonly Waiting[] }} load
 * @throws {Error} when one is refused or ends
 */
export async function openStreams({ base, kind, tasks }) {
  const opened = await some(tasks, async ({ id, contextId }) => {
    const response =
      kind === 'task' ? await subscribe(base, 'steps', id) : await open(`${base}/sessions/${contextId}/events`);
    const type = response.headers['content-type'] ?? '';
    if (!type.startsWith('text/event-stream')) throw new Error(`HTTP ${response.statusCode}, ${type}: no event stream`);
    await new Promise((resolve, reject) => {
      response.once('data', resolve);
      response.once('end', () => reject(new Error(`The stream of a ${kind} ended before it said anything`)));
      response.once('error', reject);
    });
    response.resume();
    return response;
  });
  held = [...held, ...opened];
}

/**
 * @param {{ expected: number }} load how many must be open
 * @throws {Error} when there are fewer, or any has ended before
 */
export async function closeStreams({ expected }) {
  const streams = held;
  held = [];
  const ended = streams.filter((stream) => stream.readableEnded || stream.destroyed).length;
  for (const stream of streams) stream.destroy();
  if (ended > 0 || streams.length !== expected) {
    throw new Error(`Of ${expected} streams ${streams.length} were opened, and ${ended} ended by themselves`);
  }
}
