/** The one A2A client (JSON-RPC, protocol 1.0) that drives both servers, and checks every answer it gets. */
import { randomUUID } from 'node:crypto';
import { streamText } from './agent-data.mjs';
import { open, readJson } from './http.mjs';
import { readEvents } from './sse.mjs';

const HEADERS = { 'a2a-version': '1.0' };

/**
 * @param {string} base the server's URL
 * @param {"echo" | "stream" | "steps"} agent
 * @param {string} method
 * @param {object} params
 */
function call(base, agent, method, params) {
  return open(`${base}/agents/bench/${agent}`, {
    method: 'POST',
    headers: HEADERS,
    body: { jsonrpc: '2.0', id: 1, method, params },
  });
}

/** @param {any} answer @returns {any} its result */
function resultOf(answer) {
  if (answer.error !== undefined) throw new Error(`JSON-RPC error: ${JSON.stringify(answer.error)}`);
  return answer.result;
}

/** @param {object} part */
const userMessage = (part) => ({ messageId: randomUUID(), role: 'ROLE_USER', parts: [part] });

/** @param {any} artifact @returns {string} the text of its parts, joined */
const artifactText = (artifact) => artifact.parts.map((/** @type {any} */ part) => part.text ?? '').join('');

/**
 * A blocking SendMessage to `echo`.
 *
 * @param {string} base
 * @returns {Promise<void>}
 * @throws {Error} unless the task came back completed, with the text that was sent
 */
export async function sendMessage(base) {
  const text = `Say it again: ${randomUUID()}`;
  const { task } = resultOf(
    await readJson(await call(base, 'echo', 'SendMessage', { message: userMessage({ text }) })),
  );
  if (task?.status?.state !== 'TASK_STATE_COMPLETED' || artifactText(task.artifacts[0]) !== text) {
    throw new Error(`Unexpected answer to SendMessage: ${JSON.stringify(task)}`);
  }
}

/**
 * A SendStreamingMessage to `stream`, read to its end.
 *
 * @param {string} base
 * @param {number} chunks
 * @returns {Promise<number>} how many artifact events carried the chunks
 * @throws {Error} unless every chunk arrived once and in order, and the task completed
 */
export async function streamMessage(base, chunks) {
  const message = userMessage({ data: { chunks } });
  let text = '';
  let events = 0;
  let state = '';
  for await (const answer of readEvents(await call(base, 'stream', 'SendStreamingMessage', { message }))) {
    const { artifactUpdate, statusUpdate } = resultOf(answer);
    if (artifactUpdate !== undefined) {
      text += artifactText(artifactUpdate.artifact);
      events += 1;
    } else if (statusUpdate !== undefined) {
      state = statusUpdate.status.state;
    }
  }
  if (state !== 'TASK_STATE_COMPLETED' || text !== streamText(chunks)) {
    throw new Error(`The stream of ${chunks} chunks ended ${state} with ${text.length} characters in ${events} events`);
  }
  return events;
}

/**
 * One page of ListTasks.
 *
 * @param {string} base
 * @param {number} pageSize
 * @returns {Promise<void>}
 * @throws {Error} unless the page is full
 */
export async function listTasks(base, pageSize) {
  const { tasks } = resultOf(await readJson(await call(base, 'echo', 'ListTasks', { pageSize })));
  if (tasks.length !== pageSize) throw new Error(`Expected a page of ${pageSize} tasks, got ${tasks.length}`);
}

/**
 * Continuo's own endpoints: creates a task of `echo` and follows its events until it works.
 *
 * @param {string} base
 * @returns {Promise<void>}
 * @throws {Error} when the events end without WORKING
 */
export async function createTaskUntilWorking(base) {
  const task = await readJson(
    await open(`${base}/agents/bench/echo/tasks`, { method: 'POST', body: { message: 'Say it again' } }),
  );
  const response = await open(`${base}/tasks/${task.id}/events`);
  for await (const event of readEvents(response)) {
    if (JSON.stringify(event).includes('TASK_STATE_WORKING')) return;
  }
  throw new Error(`The events of task ${task.id} ended without WORKING`);
}

/**
 * A task of so many durable steps, to its end.
 *
 * @param {string} name of the server
 * @param {string} base
 * @param {number} steps
 * @returns {Promise<void>}
 * @throws {Error} unless every step was done
 */
export async function runSteps(name, base, steps) {
  if (name === 'dbos' || name === 'continuo-direct') {
    const { done } = await readJson(await open(`${base}/run`, { method: 'POST', body: { steps } }));
    if (done !== steps) throw new Error(`Expected ${steps} steps, got ${done}`);
    return;
  }
  const { task } = await sendSteps(base, userMessage({ data: { steps } }));
  expectSteps(task, steps);
}

/**
 * A task that does its steps and asks, and the rest of it, behind them, once it is answered.
 *
 * @param {string} base
 * @param {number} steps
 * @returns {Promise<{ readonly runMs: number, readonly resumeMs: number }>}
 */
export async function resumeSteps(base, steps) {
  const begun = performance.now();
  const asked = await sendSteps(base, userMessage({ data: { steps, asks: true } }));
  const answered = performance.now();
  const message = { ...userMessage({ text: 'yes' }), taskId: asked.task.id, contextId: asked.task.contextId };
  const { task } = await sendSteps(base, message);
  expectSteps(task, steps);
  return { runMs: answered - begun, resumeMs: performance.now() - answered };
}

/**
 * A task that waits for its user.
 *
 * @param {string} base
 * @param {"steps" | "stream"} agent
 * @param {object} data what it does once it has an answer
 * @returns {Promise<Waiting>}
 */
export async function askedTask(base, agent, data) {
  const message = userMessage({ data: { ...data, asks: true } });
  const { task } = resultOf(await readJson(await call(base, agent, 'SendMessage', { message })));
  if (task?.status?.state !== 'TASK_STATE_INPUT_REQUIRED') throw new Error(`Does not ask: ${JSON.stringify(task)}`);
  return { id: task.id, contextId: task.contextId };
}

/** @typedef {{ readonly id: string, readonly contextId: string }} Waiting a task, and its session */

/**
 * Answers a task of `stream`, and waits for its end.
 *
 * @param {string} base
 * @param {Waiting} task
 */
export async function answerStream(base, { id, contextId }) {
  const message = { ...userMessage({ text: 'yes' }), taskId: id, contextId };
  const { task } = resultOf(await readJson(await call(base, 'stream', 'SendMessage', { message })));
  if (task?.status?.state !== 'TASK_STATE_COMPLETED')
    throw new Error(`Did not complete: ${JSON.stringify(task?.status)}`);
}

/**
 * A2A's own stream of a task that is there already.
 *
 * @param {string} base
 * @param {"steps" | "stream"} agent
 * @param {string} id
 */
export function subscribe(base, agent, id) {
  return call(base, agent, 'SubscribeToTask', { id });
}

/** @param {string} base @param {object} message */
async function sendSteps(base, message) {
  return resultOf(await readJson(await call(base, 'steps', 'SendMessage', { message })));
}

/** @param {any} task @param {number} steps */
function expectSteps(task, steps) {
  const [answer] = task?.artifacts ?? [];
  if (answer !== undefined && artifactText(answer) === String(steps)) return;
  throw new Error(`Unexpected answer of ${steps} steps: ${JSON.stringify(task)}`);
}
