/** What one run of a task spends on language models: each call is recorded together with the step in which it was made. */
import type { Clock } from '../platform/clock.js';
import { messageOf } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';
import { patiently } from '../platform/patiently.js';
import { shown, type Hide } from '../platform/shown.js';
import { addedUp, type ModelCall } from '../runs/usage/model-call.js';
import type { ClaimedTask, TaskOwner } from '../tasks/claimed-task.js';
import { budgetIn, type BudgetOfTask } from '../tasks/task-budget.js';
import { TASKS_EXTENSION } from '../tasks/task.js';
import { toUsage, USAGE_EXTENSION } from '../tasks/usage.js';
import type { AboutCall, Spending, TokenUsage } from './spending.js';

/** What calls of models cost. */
export interface ModelPrices {
  /** Billionths of a dollar; undefined for a model (`provider/model id`) that no price is known of, or without counts. */
  nanosOf(model: string, usage: TokenUsage): number | undefined;
}

/** What tasks may take of models. */
export interface ModelBudgets {
  /** The budgets of the task and of those above it. */
  of(taskId: string): Promise<readonly BudgetOfTask[]>;
  /** Throws TerminalError when one of `budgets`, which bind the task, or what its owner may take is used up. */
  check(
    task: TaskOwner & { readonly id: string },
    budgets: readonly BudgetOfTask[],
    unrecorded: { readonly tokens: number; readonly nanos: number },
  ): Promise<void>;
  /** Counts calls of a run that is over, which are in none of its steps; once, however often they are given. */
  record(calls: readonly ModelCall[]): Promise<void>;
}

interface Parts {
  readonly task: ClaimedTask;
  readonly prices: ModelPrices;
  readonly budgets: ModelBudgets;
  /** The run's. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** Whether what models are asked is kept for the trace. Default: no. */
  readonly keepsPrompts?: boolean | undefined;
  /** Takes secrets out of it. */
  readonly hide?: Hide | undefined;
  /** The key of the step that the caller is inside of. */
  readonly openStep: () => string | undefined;
}

/** Of calls that were made outside of every step. */
const NOWHERE = '';

export class RunSpending implements Spending {
  readonly #calls: ModelCall[] = [];
  /** Those that are not recorded yet, by step. */
  readonly #waiting = new Map<string, ModelCall[]>();
  #budgets: Promise<readonly BudgetOfTask[]> | undefined;
  #isOver = false;

  constructor(private readonly parts: Parts) {}

  /** Nothing is read for a task that a user began without a budget, where no limits are set. */
  async check(): Promise<string> {
    const { task, budgets, clock, signal } = this.parts;
    this.#budgets ??= this.#read();
    const own = await this.#budgets;
    const waiting = addedUp([...this.#waiting.values()].flat());
    const unrecorded = { tokens: waiting.totalTokens, nanos: waiting.costNanos };
    await patiently(() => budgets.check(task, own, unrecorded), clock, signal);
    return clock.now().toISOString();
  }

  async #read(): Promise<readonly BudgetOfTask[]> {
    const { task, budgets, clock, signal } = this.parts;
    // A child works for others, who may have budgets.
    if (task.parentId !== null) return patiently(() => budgets.of(task.id), clock, signal);
    const own = budgetIn(task.metadata[TASKS_EXTENSION]);
    return own === undefined ? [] : [{ ...own, taskId: task.id, isRoot: true }];
  }

  spent(model: string, usage: TokenUsage, about: AboutCall = {}): void {
    const { task, prices, clock, openStep, keepsPrompts, hide } = this.parts;
    const step = openStep();
    const { inputTokens = 0, outputTokens = 0, totalTokens = inputTokens + outputTokens } = usage;
    const call: ModelCall = {
      task_id: task.id,
      id: newId(),
      root_id: task.rootId ?? task.id,
      context_id: task.sessionId === null ? null : task.contextId,
      tenant: task.tenant,
      owner: task.owner,
      agent: task.agent,
      model,
      at: clock.now().toISOString(),
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      total_tokens: totalTokens,
      cached_input_tokens: usage.cachedInputTokens ?? 0,
      cache_write_tokens: usage.cacheWriteTokens ?? 0,
      reasoning_tokens: usage.reasoningTokens ?? 0,
      cost_nanos: prices.nanosOf(model, usage) ?? null,
      estimated: usage.estimated === true,
      step: step ?? null,
      started_at: about.startedAt ?? null,
      finish_reason: about.finishReason ?? null,
      prompt: (keepsPrompts === true ? shown(about.prompt?.(), hide) : undefined) ?? null,
    };
    this.#calls.push(call);
    if (this.#isOver) return void this.#record([call]);
    const place = step ?? NOWHERE;
    this.#waiting.set(place, [...(this.#waiting.get(place) ?? []), call]);
  }

  /** What is to be recorded with the step of this key; once. */
  take(step: string): readonly ModelCall[] {
    const taken = [NOWHERE, step].flatMap((key) => this.#waiting.get(key) ?? []);
    this.#waiting.delete(NOWHERE);
    this.#waiting.delete(step);
    return taken;
  }

  /**
   * The run is over. What is in no step is recorded by itself; `isWhole`: all that was taken is stored. What breaks off later
   * is recorded as it comes.
   */
  close(isWhole: boolean): void {
    this.#isOver = true;
    void this.#record(isWhole ? [...this.#waiting.values()].flat() : this.#calls);
  }

  async #record(calls: readonly ModelCall[]): Promise<void> {
    const { task, budgets, log } = this.parts;
    await budgets.record(calls).catch((error: unknown) => {
      log.warn({ err: messageOf(error), taskId: task.id }, 'what calls of language models took was not recorded');
    });
  }

  /** What the run has spent, for its task's last event; nothing when it has asked no model. */
  get metadata(): Readonly<Record<string, unknown>> | undefined {
    return this.#calls.length === 0 ? undefined : { [USAGE_EXTENSION]: toUsage(addedUp(this.#calls)) };
  }
}
