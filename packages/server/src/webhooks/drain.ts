/** Delivers what is due to one webhook that this instance holds: the events of a task in order, several tasks at once. */
import { crashPoint } from '@continuo/agent/internal/platform/crash-points.js';
import type { DueDelivery } from './due-deliveries.js';
import type { Attempt } from './record-attempts.js';

/** Tasks whose events are on their way to one webhook at once. */
const TASKS_AT_ONCE = 20;
/** Tasks that are fetched at once. */
const FETCHED = 40;

export interface DrainParts {
  /** What is due, but for `busy` tasks; nothing when the webhook is not ours any more. */
  readonly fetch: (busy: readonly string[], tasks: number) => Promise<readonly DueDelivery[]>;
  readonly attempt: (delivery: DueDelivery) => Promise<Attempt>;
  /** Resolves when one more request may be under way, which it is until the function that it answers with is called. */
  readonly place: () => Promise<() => void>;
  /** Resolves when it is kept. */
  readonly record: (attempt: Attempt) => Promise<void>;
  /** Counts a task whose events are held in memory, until the function that it answers with is called. */
  readonly enter: () => () => void;
  /** Whether the webhook may still be told something by this instance, now. */
  readonly held: () => boolean;
}

export class Drain {
  /** Fetched, by task, and not begun. */
  readonly #queued = new Map<string, readonly DueDelivery[]>();
  readonly #running = new Map<string, Promise<void>>();
  #touched = false;
  /** Counts the changes of the webhook: what was fetched before the last one is not sent. */
  #changes = 0;
  #failed: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(private readonly parts: DrainParts) {}

  /** Whether it was touched since it last looked. */
  get touched(): boolean {
    return this.#touched;
  }

  /** There may be more to deliver. */
  touch(): void {
    this.#touched = true;
    this.#wake();
  }

  /** The webhook is another one, or paused: what was fetched and not begun is fetched again. */
  change(): void {
    this.#changes += 1;
    this.#queued.clear();
    this.touch();
  }

  /** Resolves when nothing is due, or the webhook is held no more; throws what an attempt or the database threw. */
  async run(): Promise<void> {
    try {
      while (this.#failed === undefined && this.parts.held()) {
        this.#begin();
        if (this.#queued.size > 0) await this.#something();
        else if (!(await this.#fetch())) {
          if (this.#running.size === 0) break;
          await this.#something();
        }
      }
    } finally {
      this.#queued.clear();
      await Promise.all(this.#running.values());
    }
    if (this.#failed !== undefined) throw this.#failed.error;
  }

  /** False when there is nothing that could begin now. */
  async #fetch(): Promise<boolean> {
    this.#touched = false;
    if (this.#running.size >= TASKS_AT_ONCE) return false;
    const changes = this.#changes;
    const fetched = await this.parts.fetch([...this.#running.keys()], FETCHED);
    if (changes !== this.#changes) return true;
    for (const delivery of fetched) {
      this.#queued.set(delivery.taskId, [...(this.#queued.get(delivery.taskId) ?? []), delivery]);
    }
    return this.#queued.size > 0 || this.#touched;
  }

  #begin(): void {
    for (const [taskId, deliveries] of this.#queued) {
      if (this.#running.size >= TASKS_AT_ONCE) return;
      this.#queued.delete(taskId);
      const leave = this.parts.enter();
      const run = this.#deliver(deliveries)
        .catch((error: unknown) => {
          this.#failed ??= { error };
        })
        .finally(() => {
          leave();
          this.#running.delete(taskId);
          // The task may have more than was fetched.
          this.touch();
        });
      this.#running.set(taskId, run);
    }
  }

  /** Up to the first that fails: what is behind it waits with it. */
  async #deliver(deliveries: readonly DueDelivery[]): Promise<void> {
    const changes = this.#changes;
    for (const delivery of deliveries) {
      const leave = await this.parts.place();
      let attempt: Attempt;
      try {
        if (changes !== this.#changes || !this.parts.held()) return;
        attempt = await this.parts.attempt(delivery);
      } finally {
        leave();
      }
      crashPoint('webhook-posted');
      await this.parts.record(attempt);
      crashPoint('webhook-recorded');
      if (attempt.outcome !== 'delivered') return;
    }
  }

  /** Until a task's deliveries have ended, or there is more; not at all when that was so while nobody listened. */
  async #something(): Promise<void> {
    if (this.#touched && this.#queued.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = () => undefined;
  }
}
