/** What every job does: sends messages, follows what comes of them, and says what is to be expected. */
import { saidBy } from './clients.mjs';
import { Follower } from './follower.mjs';

export const ended = ['COMPLETED', 'FAILED', 'CANCELED', 'REJECTED'];

/**
 * @typedef {object} Desk what a job works with
 * @property {import('./clients.mjs').Clients} clients
 * @property {import('./ledger.mjs').Ledger} ledger
 * @property {import('./random.mjs').Random} random
 * @property {string} directory
 */

/** Sends the message of a new task; undefined when it was refused, which is a problem. */
export async function open({ clients, ledger }, kind, agent, content, details) {
  const answer = await clients.send(agent, content, details);
  if (answer.ok) return answer.task;
  ledger.complain('refused', `${kind}: a new task was refused with ${answer.text}`);
  return undefined;
}

/** @returns {Promise<void>} when the follower has seen the end */
export function follow({ clients, ledger }, agent, taskId) {
  const follower = new Follower(clients, agent, taskId);
  ledger.followers.push(follower);
  return follower.run();
}

export function expect({ ledger }, kind, taskId, states, more = {}) {
  ledger.expectations.push({ kind, taskId, states, ...more });
}

export function says(text) {
  return (task) => (saidBy(task) === text ? undefined : `it says ${JSON.stringify(saidBy(task))} instead of ${text}`);
}
