/** A task as its test left it: what it has said and done, and what a crash or a deploy would have done to it. */
import { replayTask, type Replayed } from '../agents/replay/replay-task.js';
import type { Progress } from '../tasks/task-event.js';
import type { TaskFailure } from '../tasks/task.js';
import type { JournalRow } from '../runs/journal-row.js';
import { fromRecorded } from '../runs/recorded-value.js';
import { withoutHarm } from './left-behind.js';
import type { Shown, World } from './memory-world.js';
import {
  answered,
  logged,
  spoken,
  type LoggedLine,
  type MadeCall,
  type ObservedTask,
  type Outcome,
} from './outcome.js';
import type { Asked } from './script-model.js';
import { registered, silent, type Tested } from './tested-agent.js';

/** A step of the journal. */
export interface TestedStep {
  readonly name: string;
  /** What it gave back; of one that failed, undefined. */
  readonly result: unknown;
  readonly failed: boolean;
  /** How often its work was begun in all runs together, for all steps of this name. */
  readonly worked: number;
}

/** What of a deploy would become of the task. */
export type Deployed = Replayed;

/** Goes on with the task, which has asked for all that is `asked` and waits for nothing of it. */
type Resume = (goingOn: Pick<World, 'task' | 'asked'>) => Promise<TestedTask>;

const REPLAY_PATIENCE_MS = 30_000;

/**
 * A tested task when it has ended or nothing more can happen; it also tells what a crash or other code would have
 * done to it.
 */
export class TestedTask implements ObservedTask {
  readonly state: Outcome['state'];
  readonly text: string;
  readonly data: unknown;
  readonly artifacts: Outcome['artifacts'];
  readonly messages: Outcome['messages'];
  readonly questions: Outcome['questions'];
  readonly sessionState: Outcome['sessionState'];
  readonly progress: readonly Progress[];
  readonly steps: readonly TestedStep[];
  readonly calls: readonly MadeCall[];
  /** What it logged with `task.log`, in order, in all runs together. */
  readonly log: readonly LoggedLine[];
  /** What the language model was shown, call by call. */
  readonly prompts: readonly Asked[];
  /** What the agent keeps of its user by now. */
  readonly memories: readonly string[];
  readonly failure: TaskFailure | undefined;
  /** Both sides, when the code contradicts what the task has done. */
  readonly held: { readonly finished: string; readonly found: string } | undefined;
  /** How often it began, the first time included. */
  readonly runs: number;
  /** How often its process died. */
  readonly crashes: number;
  /** Milliseconds from its beginning to its end, as it has lived through them. */
  readonly elapsedMs: number;
  readonly #world: World;
  readonly #again: (crashAfter: readonly string[]) => Promise<TestedTask>;
  readonly #resume: Resume;

  constructor(
    world: World,
    shown: Shown,
    more: {
      readonly prompts: readonly Asked[];
      readonly elapsedMs: number;
      readonly again: (crashAfter: readonly string[]) => Promise<TestedTask>;
      readonly resume: Resume;
    },
  ) {
    const { task, children, memories } = world;
    const { state, text, data, artifacts } = answered(task.task);
    this.#world = world;
    this.#again = more.again;
    this.#resume = more.resume;
    this.state = state;
    this.text = text;
    this.data = data;
    this.artifacts = artifacts;
    this.messages = task.sessions.messages.filter(({ taskId }) => taskId === task.opened.id).map(spoken);
    this.questions = shown.questions;
    this.sessionState = task.sessions.values();
    this.progress = task.progress;
    this.steps = task.rows.flatMap((row) => (row.kind === 'step' ? [toStep(row, shown)] : []));
    this.calls = children.made;
    this.log = task.logged.lines.map(logged);
    this.prompts = more.prompts;
    this.memories = memories.texts;
    this.failure = task.failure;
    this.held = task.held && { finished: task.held.finished, found: task.held.found };
    this.runs = task.runs;
    this.crashes = shown.crashes;
    this.elapsedMs = more.elapsedMs;
  }

  /** What must be the same whatever happened on the way: compare that of a task with and without a crash. */
  get outcome(): Outcome {
    const { state, text, data, artifacts, messages, questions, sessionState } = this;
    return { state, text, data, artifacts, messages, questions, sessionState };
  }

  /** The same from the beginning, in a process that dies right after each of these steps was recorded; without one after all. */
  crashAfter(...steps: readonly string[]): Promise<TestedTask> {
    return this.#again(steps.length === 0 ? ['*'] : steps);
  }

  /**
   * Runs the agent once more on what the task has recorded, as after a crash right before its end. Nothing that was done is
   * done again: `steps[n].worked` is 0. A task that waits still waits.
   */
  replay(): Promise<TestedTask> {
    const { task } = this.#world;
    // What it waits for it asks again.
    const asked = task.question === undefined ? this.questions : this.questions.slice(0, -1);
    return this.#resume({ task: task.reopened(task.sessions.copy()), asked });
  }

  /**
   * What a deploy of other code would do to the task, by the function of `check-tasks`: `goes-on`; `held`, with both sides;
   * `finishes`; `fails`; or `unknown`. `after`: the deploy comes when the first step of this name was recorded, and nothing
   * later. Default: as the task is now.
   */
  async withCode(tested: Tested, { after }: { readonly after?: string } = {}): Promise<Deployed> {
    const { task, clock, model } = this.#world;
    const sessions = task.opened.sessionId === null ? undefined : task.sessions;
    const { agent } = registered(tested, { sessions, clock, model });
    const last = after === undefined ? Infinity : this.#seqOf(after);
    const entries = task.entries.filter(({ seq }) => seq <= last);
    const keys = new Set(entries.map(({ key }) => key));
    const claimed = { ...task.claimed(''), isNew: false };
    const answers = claimed.answers.filter(({ question }) => question === undefined || keys.has(question));
    const asks = after === undefined ? task.question?.messageId : undefined;
    const open = { claimed: { ...claimed, answers }, state: task.state, ranWith: null, asks };
    const { children } = this.#world;
    const turns = { now: () => clock.now(), sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };
    const findFile = async () => undefined;
    const parts = { sessions, findFile, children, clock: turns, log: silent, patienceMs: REPLAY_PATIENCE_MS };
    return withoutHarm(() => replayTask(agent, open, entries, parts));
  }

  #seqOf(step: string): number {
    const row = this.#world.task.rows.find(({ kind, name }) => kind === 'step' && name === step);
    if (row !== undefined) return row.seq;
    const known = this.steps.map(({ name }) => `"${name}"`).join(', ') || 'none';
    throw new TypeError(`The task has no step "${step}"; it has: ${known}.`);
  }
}

function toStep({ name, failed, result }: JournalRow, { worked }: Shown): TestedStep {
  return { name, failed, result: failed ? undefined : fromRecorded(result), worked: worked.get(name) ?? 0 };
}
