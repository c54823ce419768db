/** Tells runs here that others have ended their tasks, or own them now: within a second, whichever instance it was. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { Log } from '../platform/log.js';
import type { TasksService } from '../tasks/tasks-service.js';
import type { Subscriptions } from '../tasks/subscriptions.js';

const LOOK_EVERY_MS = 1_000;

interface RunHere {
  readonly token: string;
  readonly abort: (reason: Error) => void;
}

export class RunWatch {
  /** The last run here of each task. */
  readonly #runs = new Map<string, RunHere>();
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly tasks: TasksService,
    subscriptions: Subscriptions,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    subscriptions.onCommittedElsewhere((ids) => {
      const touched = ids === 'any' ? [...this.#runs.keys()] : ids.filter((id) => this.#runs.has(id));
      if (touched.length > 0) void this.#look(touched);
    });
  }

  start(): void {
    this.#running = this.#loop();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  began(taskId: string, token: string, abort: (reason: Error) => void): void {
    this.#runs.set(taskId, { token, abort });
  }

  ended(taskId: string, token: string): void {
    if (this.#runs.get(taskId)?.token === token) this.#runs.delete(taskId);
  }

  async #loop(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.clock.sleep(LOOK_EVERY_MS, this.#stop.signal).catch(() => undefined);
      if (this.#runs.size > 0) await this.#look([...this.#runs.keys()]);
    }
  }

  async #look(taskIds: readonly string[]): Promise<void> {
    // Another run of the task may have begun here when that is known.
    const looked = new Map(taskIds.map((taskId) => [taskId, this.#runs.get(taskId)]));
    const runs = [...looked].map(([taskId, run]) => ({ taskId, token: run?.token ?? '' }));
    try {
      for (const { id, toBeRun, waits } of await this.tasks.overruled(runs)) {
        // The run that has asked is about to end; nothing was ended that its agent should end elsewhere.
        if (waits) continue;
        const reason = toBeRun
          ? new ContinuoError('RUN_LOST', `Another run owns task ${id} now.`)
          : new ContinuoError('TASK_ENDED', `Task ${id} was ended.`);
        looked.get(id)?.abort(reason);
      }
    } catch (error) {
      this.log.debug({ err: messageOf(error) }, 'looking after the runs here failed, will try again');
    }
  }
}
