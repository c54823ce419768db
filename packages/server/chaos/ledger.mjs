/** What the clients know: what they were promised, what they saw, and what they expect to find in the end. */

/**
 * @typedef {object} Sent one message of a client's
 * @property {string} messageId
 * @property {string} contextId
 * @property {string} text what it says, for finding it again
 * @property {'open' | 'acknowledged' | 'refused'} outcome `open`: nobody knows
 * @property {string} [taskId] the task that it made or answered
 *
 * @typedef {object} Expectation
 * @property {string} taskId
 * @property {string} kind of the job that it belongs to
 * @property {readonly string[]} states one of which the task has in the end
 * @property {(task: any, events: readonly any[]) => string | undefined} [result] says what is wrong with it
 * @property {number} [children] how many child tasks it must have
 */

export class Ledger {
  /** @type {Sent[]} */
  messages = [];
  /** @type {Expectation[]} */
  expectations = [];
  /** @type {import('./follower.mjs').Follower[]} */
  followers = [];
  /** @type {import('./feed-follower.mjs').FeedFollower[]} */
  feeds = [];
  /** @type {{ taskId: string, at: number }[]} */
  cancels = [];
  /** Roots of trees that were cancelled while they grew.
   *
   * @type {{ rootId: string, at: number }[]}
   */
  felled = [];
  /** @type {{ about: string, problem: string }[]} */
  problems = [];

  /**
   * @param {string} about a kind of problem, in a word or two
   * @param {string} problem
   */
  complain(about, problem) {
    this.problems.push({ about, problem });
    process.stderr.write(`  ! ${about}: ${problem}\n`);
  }
}
