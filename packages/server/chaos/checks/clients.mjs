/** What clients were told against what is stored: acknowledgements, results, and every frame that a subscriber saw. */
import { isDeepStrictEqual } from 'node:util';
import { foldArtifacts } from '@continuo/agent/internal/tasks/fold.js';
import { toStreamResponse } from '@continuo/agent/internal/tasks/task-event.js';
import { isEnd } from './task-log.mjs';

/**
 * @param {any} task its row; undefined when it isn't there
 * @param {readonly any[]} events
 * @param {import('../ledger.mjs').Expectation} expectation
 * @param {number} children
 * @returns {Generator<[about: string, problem: string]>}
 */
export function* checkExpectation(task, events, expectation, children) {
  const { taskId, kind, states, result } = expectation;
  if (task === undefined) {
    yield ['lost task', `task ${taskId} (${kind}) was acknowledged and isn't there`];
    return;
  }
  if (!states.includes(task.state)) {
    const why = task.error === null ? '' : `: ${JSON.stringify(task.error)}`;
    yield ['wrong end', `task ${taskId} (${kind}) is ${task.state} instead of ${states.join(' or ')}${why}`];
    return;
  }
  const wrong = result?.(asTask(task, events), events);
  if (wrong !== undefined) yield ['wrong result', `task ${taskId} (${kind}): ${wrong}`];
  if (expectation.children !== undefined && expectation.children !== children) {
    yield ['children', `task ${taskId} (${kind}) has ${children} children instead of ${expectation.children}`];
  }
}

/**
 * @param {import('../follower.mjs').Follower} follower
 * @param {readonly any[]} events
 * @returns {Generator<[about: string, problem: string]>}
 */
export function* checkFollower(follower, events) {
  const { taskId, frames, disorder } = follower;
  for (const problem of disorder) yield ['subscriber', `of task ${taskId}: ${problem}`];
  for (const { id, data } of frames) {
    const event = events[id - 1];
    if (event === undefined) yield ['subscriber', `of task ${taskId} saw event ${id}, which isn't in the log`];
    else if (!isDeepStrictEqual(data, asSent(event))) {
      yield ['subscriber', `of task ${taskId} saw event ${id} as ${JSON.stringify(data)}`];
    }
  }
  // A stream is over at the first end; what a new attempt adds is for whoever comes back for it.
  const length = events.findIndex(isEnd) + 1;
  if (length > 0 && frames.length < length) {
    yield ['subscriber', `of task ${taskId} saw ${frames.length} of its ${length} events`];
  }
}

/**
 * The events of one task as a subscriber of many saw them: all, once, in order.
 *
 * @param {import('../feed-follower.mjs').FeedFollower} feed
 * @param {readonly any[]} frames
 * @param {any} task
 * @param {readonly any[]} events
 * @returns {Generator<[about: string, problem: string]>}
 */
export function* checkFeed({ path }, frames, task, events) {
  const odd = frames.findIndex(({ seq }, index) => seq !== index + 1);
  if (odd !== -1)
    yield ['subscriber', `of ${path}, task ${task.id}: event ${frames[odd].seq} came as number ${odd + 1}`];
  if (frames.length !== events.length) {
    yield ['subscriber', `of ${path} saw ${frames.length} of the ${events.length} events of task ${task.id}`];
  }
  for (const { seq, data } of frames) {
    const event = events[seq - 1];
    if (event !== undefined && isDeepStrictEqual(data, asSent(event))) continue;
    yield ['subscriber', `of ${path} saw event ${seq} of task ${task.id} as ${JSON.stringify(data)}`];
  }
}

/** As far as the jobs look at it. */
function asTask(row, events) {
  const chunks = events.filter((event) => event.kind === 'artifactUpdate').map((event) => event.payload);
  return { status: { message: row.status_message ?? undefined }, artifacts: foldArtifacts(chunks) };
}

/** As an event goes out to subscribers. */
function asSent({ kind, payload, message }) {
  return JSON.parse(JSON.stringify(toStreamResponse(kind, payload, message)));
}
