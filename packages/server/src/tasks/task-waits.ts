/** Who waits for the next commit to one task: it is woken by it, also where the news of it was lost. */
import type { TaskWait } from '@continuo/agent/internal/tasks/task-wait.js';
import { Groups } from '../platform/groups.js';

class Waiting {
  /** Where the log ended when it was last polled; undefined before that. */
  #lastSeq: number | undefined;
  #touched = false;
  #wake: () => void = () => undefined;
  readonly #onAbort = (): void => this.#wake();

  touch(): void {
    this.#touched = true;
    this.#wake();
  }

  polled(lastSeq: number): void {
    if (this.#lastSeq !== lastSeq) this.touch();
    this.#lastSeq = lastSeq;
  }

  async next(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#touched) {
      signal.addEventListener('abort', this.#onAbort);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      signal.removeEventListener('abort', this.#onAbort);
      signal.throwIfAborted();
    }
    this.#touched = false;
  }
}

export class TaskWaits {
  readonly #byTask = new Groups<Waiting>();

  get taskIds(): readonly string[] {
    return this.#byTask.keys;
  }

  /** How many have ever begun to wait. */
  get entered(): number {
    return this.#byTask.added;
  }

  enter(taskId: string): TaskWait {
    const waiting = new Waiting();
    return { next: (signal) => waiting.next(signal), leave: this.#byTask.add(taskId, waiting) };
  }

  touch(taskIds: Iterable<string> | 'any'): void {
    for (const id of taskIds === 'any' ? this.taskIds : taskIds) {
      for (const waiting of this.#byTask.of(id)) waiting.touch();
    }
  }

  polled(taskId: string, lastSeq: number): void {
    for (const waiting of this.#byTask.of(taskId)) waiting.polled(lastSeq);
  }
}
