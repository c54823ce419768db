/** The calls that a model makes in one answer: whom a person has to allow is settled first, then they run side by side, and the client runs its own. */
import { endsTheRun } from '../../runs/run.js';
import { newId } from '../../platform/ids.js';
import { isNothing, startOf } from '../../platform/text.js';
import { Turns } from '../../platform/turns.js';
import type { ToolCall } from '../models/ask-model.js';
import type { TaskContext } from '../task-context.js';
import { approvedKey, askApproval } from './ask-approval.js';
import { askClient } from './client-tools.js';
import { isOutside, nameOf, runTool, type ToolBox, type ToolResult } from './run-tool.js';

/** The calls of tasks that older code has begun run one after the other, as they did. */
const PATCH = 'continuo: tools side by side';
const MOST_OF_A_NAME = 200;

export interface Calls {
  readonly task: TaskContext;
  readonly tools: ToolBox;
  /** Of the answer that they are from. */
  readonly name: string;
  readonly calls: readonly ToolCall[];
  /** The n-th call's own within its task. */
  readonly placeOf: (index: number) => string;
  /** How many may run at the same time. */
  readonly most: number;
  readonly done: (call: ToolCall, place: string, result: ToolResult) => Promise<void>;
}

/** One of them, on its way. */
interface Call {
  readonly call: ToolCall;
  readonly index: number;
  /** How often it was approved and begun without a result. */
  readonly again: number;
  readonly leave: Leave;
}

/** May run; may run in this run of the task and in no other; is the client's to run; or why it may not. */
type Leave = 'free' | 'once' | 'client' | { readonly refused: string };

/**
 * Their results, in their order. What runs in steps comes first, then the rest, as a question that one of the rest puts ends
 * the run, and last those of the client, in one question. Throws only what ends the run.
 */
export async function runCalls(all: Calls): Promise<readonly ToolResult[]> {
  const { task, calls } = all;
  const isTogether = calls.length > 1 && task.patched(PATCH);
  const running = new Running(all, isTogether);
  const settled: Call[] = [];
  for (const [index, call] of calls.entries()) settled.push(await running.settle(call, index, 0));
  const here = settled.filter(({ leave }) => leave !== 'client');
  const [outside, inSteps] = [true, false].map((is) =>
    here.filter(({ call }) => isOutside(all.tools.own, call) === is),
  );
  for (const group of isTogether ? [inSteps, outside] : here.map((one) => [one])) await running.run(group ?? []);
  await running.askClient(settled.filter(({ leave }) => leave === 'client'));
  return running.results;
}

class Running {
  readonly #results = new Map<number, ToolResult>();
  /** Tools that the user has allowed for the session while this ran. */
  readonly #allowed = new Set<string>();
  readonly #turns: Turns;
  /** This run of the task. */
  readonly #run = newId();

  constructor(
    private readonly all: Calls,
    private readonly isTogether: boolean,
  ) {
    this.#turns = new Turns(all.most);
  }

  get results(): readonly ToolResult[] {
    return this.all.calls.flatMap((_, index) => this.#results.get(index) ?? []);
  }

  async settle(call: ToolCall, index: number, again: number): Promise<Call> {
    return { call, index, again, leave: await this.#leave(call, index, again) };
  }

  /** What was interrupted is asked about once more when all the others are through. */
  async run(group: readonly Call[]): Promise<void> {
    for (let open = group; open.length > 0;) {
      const came = await Promise.all(open.map((one) => this.#inScope(one)));
      const interrupted = open.filter((_, index) => came[index] === undefined);
      const next: Call[] = [];
      for (const { call, index, again } of interrupted) next.push(await this.settle(call, index, again + 1));
      open = next;
    }
  }

  async askClient(group: readonly Call[]): Promise<void> {
    if (group.length === 0) return;
    const { task, placeOf, done } = this.all;
    const results = await askClient(
      task,
      group.map(({ call, index }) => ({ ...call, id: placeOf(index) })),
    );
    for (const [at, { call, index }] of group.entries()) {
      const result = results[at];
      if (result === undefined) continue;
      await done(call, placeOf(index), result);
      this.#results.set(index, result);
    }
  }

  #inScope(one: Call): Promise<ToolResult | undefined> {
    if (!this.isTogether) return this.#one(one);
    const name = `${startOf(this.all.name, MOST_OF_A_NAME)}, call ${one.index + 1}`;
    return this.all.task.branch(name, () => this.#one(one));
  }

  /** Undefined for what an earlier run had begun. */
  async #one({ call, index, leave }: Call): Promise<ToolResult | undefined> {
    const { task, tools, placeOf, done } = this.all;
    const place = placeOf(index);
    const begun = leave === 'once' && !isOutside(tools.own, call) ? await this.#begun(call) : this.#run;
    const isInterrupted = begun !== this.#run;
    const instead = isInterrupted ? INTERRUPTED : typeof leave === 'object' ? leave.refused : undefined;
    const options = { instead, turns: this.#turns };
    const tell = async (result: ToolResult): Promise<void> => {
      if (!isInterrupted) await done(call, place, result);
    };
    const result = await runTool(task, tools, call, place, tell, options);
    if ('error' in result && result.error === INTERRUPTED) return undefined;
    this.#results.set(index, result);
    return result;
  }

  /** The run of the task that was the first to get here: what it began, no other run may begin again. */
  #begun(call: ToolCall): Promise<string> {
    return this.all.task.step(`begin ${nameOf(call)}`, () => this.#run);
  }

  async #leave(call: ToolCall, index: number, again: number): Promise<Leave> {
    const { ruling, name } = call;
    if (ruling === undefined) return 'free';
    if (ruling !== 'ask') return ruling;
    if (this.#allowed.has(name) && again === 0) return 'free';
    const { task, placeOf } = this.all;
    const { decision, reason } = await askApproval(task, call, { place: placeOf(index), again });
    if (decision === 'deny') return { refused: denied(again, reason) };
    if (decision === 'always') {
      this.#allowed.add(name);
      await this.#remember(name);
    }
    return 'once';
  }

  /** A session that has no room for it has its user asked again. */
  async #remember(tool: string): Promise<void> {
    const { task } = this.all;
    try {
      await task.session.state.set(approvedKey(task, tool), { taskId: task.id });
    } catch (error) {
      task.signal.throwIfAborted();
      if (endsTheRun(error)) throw error;
    }
  }
}

const INTERRUPTED =
  'This call was approved and begun, and interrupted before it had a result. It is not known whether it took effect.';

function denied(again: number, reason: string | undefined): string {
  const what =
    again > 0
      ? `${INTERRUPTED} The user does not want it to be run again.`
      : 'The user did not allow this call, and it was not run.';
  return reason === undefined || isNothing(reason) ? what : `${what} The reason: ${reason.trim()}`;
}
