/** Tells apart what runs side by side in plain async code, the same way in every run. */
import { createHash } from 'node:crypto';
import { AsyncSlot } from '../platform/async-slot.js';
import type { Attempt } from './attempt.js';
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
  readonly attempt: Attempt;
}

/**
 * Where a flow says something before it goes on. Whoever has called it, and waits for it, is in the same place from then
 * on: behind what the flow begins next, as if that had been begun at once.
 */
interface Pause {
  readonly behind: Last;
  /** What the flow said right before. */
  before: Pause | undefined;
  next: Follower | undefined;
  /** The code that was called in the same moment, flows beside this one for instance, has run. */
  open: boolean;
}

/** What a flow began last, or said since. */
type Last = Follower | Pause;

interface Flow {
  readonly lineages: Lineages;
  readonly branch: string;
  /** The step that the code is inside of. */
  readonly step: OpenStep | undefined;
  readonly last: Last;
}

const flows = new AsyncSlot<Flow>('flow');

/**
 * Each operation follows the one whose result its flow was given last. Where several follow the same one (`Promise.all`
 * over async functions), each begins a flow of its own; an operation is then known by its flow, whichever of them comes
 * along first. What a flow says before its first operation changes nothing in that; flows that wait for something else
 * there can't be told apart: where names repeat, `task.branch`.
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
    goOn(flow.last, follower);
    flows.enter({ ...flow, last: follower });
    return follower;
  }

  /** The caller says something, and may wait for it before its flow begins its first operation. */
  says(): void {
    const flow = this.#flow();
    const { last } = flow;
    const before = pauseBefore(last);
    const behind = before === last ? before.behind : last;
    const pause: Pause = { behind, before, next: undefined, open: false };
    queueMicrotask(() => {
      pause.open = true;
    });
    flows.enter({ ...flow, last: pause });
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
    const flow = flows.get();
    if (flow?.lineages === this) return flow;
    return { lineages: this, branch: '', step: undefined, last: this.#root };
  }
}

const IN_STEP = 'in step ';
/** A branch may be called so, too; but not by the key of a step. */
const KEY_IN_STEP = new RegExp(`^${IN_STEP}[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}$`);

/** Where the operations are that a step begins: they are part of it. */
export function placeInStep(key: string): string {
  return `${IN_STEP}${key}`;
}

export function isInStep({ branch }: Place): boolean {
  return KEY_IN_STEP.test(branch);
}

function start(): Follower {
  return { after: undefined, lineage: '', label: '', delivered: true, followers: 0 };
}

/** What began in the same flow without being waited for is not what the caller follows. */
function deliveredBefore(last: Last): Follower {
  let follower = operationAt(last);
  while (!follower.delivered && follower.after !== undefined) follower = follower.after;
  return follower;
}

/** What the flow has said before, and not gone on from; what a flow beside it has said in the same moment is not its own. */
function pauseBefore(last: Last): Pause | undefined {
  if (!('behind' in last)) return undefined;
  const own = last.open ? last : last.before;
  return own?.next === undefined ? own : undefined;
}

/** Whatever the flow has said before `next`, it goes on with that. */
function goOn(last: Last, next: Follower): void {
  let pause = pauseBefore(last);
  while (pause !== undefined && pause.next === undefined) {
    const { before } = pause;
    pause.next = next;
    pause.before = undefined;
    pause = before;
  }
}

function operationAt(last: Last): Follower {
  let at = last;
  while ('behind' in at) at = at.next ?? at.behind;
  return at;
}

function lineageBehind(follower: Follower): string {
  const { after, lineage, label } = follower;
  if (after === undefined || after.followers < 2) return lineage;
  return createHash('sha256').update(`${lineage}/${label}`).digest('base64url').slice(0, 12);
}
