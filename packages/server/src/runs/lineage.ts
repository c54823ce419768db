/** Tells apart what runs side by side in plain async code, the same way in every run. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { Place } from './journal-entry.js';

/** An operation as far as others follow it. */
export interface Follower {
  readonly after: Follower | undefined;
  readonly lineage: string;
  readonly label: string;
  /** Whether its flow has been given the result. */
  delivered: boolean;
  /** How many operations follow it. */
  followers: number;
}

/** A step that code is inside of. */
export interface OpenStep {
  readonly key: string;
  /** The same however often the task begins from the start. */
  readonly identity: string;
}

interface Flow {
  readonly lineages: Lineages;
  readonly branch: string;
  /** The step that the code is inside of. */
  readonly step: OpenStep | undefined;
  /** The operation that this flow began last. */
  readonly last: Follower;
}

const flows = new AsyncLocalStorage<Flow>();

/**
 * Each operation follows the one whose result its flow was given last. Where several follow the same one (`Promise.all`
 * over async functions), each begins a flow of its own; an operation is then known by its flow, whichever of them comes
 * along first. Flows that wait for something else before their first operation can't be told apart: where names repeat
 * there, `task.branch`.
 */
export class Lineages {
  readonly #root = start();

  /** Runs the body of the agent: everything begins here. */
  run<Result>(body: () => Result): Result {
    return flows.run({ lineages: this, branch: '', step: undefined, last: this.#root }, body);
  }

  /** Where the caller is. */
  place(): Place {
    const { branch, last } = this.#flow();
    return { branch, lineage: lineageBehind(deliveredBefore(last)) };
  }

  /** The step that the caller is inside of. */
  step(): OpenStep | undefined {
    return this.#flow().step;
  }

  /** The caller begins an operation. Call it before the first `await`: what comes behind in its flow follows this one. */
  begin(label: string): Follower {
    const flow = this.#flow();
    const after = deliveredBefore(flow.last);
    after.followers += 1;
    const follower = { after, lineage: lineageBehind(after), label, delivered: false, followers: 0 };
    flows.enterWith({ ...flow, last: follower });
    return follower;
  }

  /** Runs the work of a step: a place of its own. */
  inStep<Result>(step: OpenStep, work: () => Result): Result {
    return flows.run({ ...this.#flow(), step, branch: placeInStep(step.key), last: start() }, work);
  }

  /** Runs a branch: names count anew in it. */
  inBranch<Result>(branch: string, work: () => Result): Result {
    return flows.run({ ...this.#flow(), branch, last: start() }, work);
  }

  /** Code that something else than the agent's flow calls, a listener say, is where the agent began. */
  #flow(): Flow {
    const flow = flows.getStore();
    if (flow?.lineages === this) return flow;
    return { lineages: this, branch: '', step: undefined, last: this.#root };
  }
}

const IN_STEP = 'in step ';

/** Where the operations are that a step begins: they are part of it. */
export function placeInStep(key: string): string {
  return `${IN_STEP}${key}`;
}

export function isInStep({ branch }: Place): boolean {
  return branch.startsWith(IN_STEP);
}

function start(): Follower {
  return { after: undefined, lineage: '', label: '', delivered: true, followers: 0 };
}

/** What began in the same flow without being waited for is not what the caller follows. */
function deliveredBefore(last: Follower): Follower {
  let follower = last;
  while (!follower.delivered && follower.after !== undefined) follower = follower.after;
  return follower;
}

function lineageBehind(follower: Follower): string {
  const { after, lineage, label } = follower;
  if (after === undefined || after.followers < 2) return lineage;
  return createHash('sha256').update(`${lineage}/${label}`).digest('base64url').slice(0, 12);
}
