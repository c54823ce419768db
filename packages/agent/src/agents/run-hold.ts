/** Whether the task of a run is held: said as soon as its code fits what the task has done, and when it does not. */
import type { Clock } from '../platform/clock.js';
import { newId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';
import { cut } from '../platform/text.js';
import type { ContradictionError } from '../runs/contradiction.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import { heldStage, type Held } from '../tasks/fold.js';
import type { RunWriter } from '../tasks/run-writer.js';
import type { RunEvents } from './run-events.js';

/** Of a question, its words stand in what is said of it. */
const MOST_CHARACTERS = 500;

export class RunHold {
  #held: Held | null;
  #holding: Promise<void> | undefined;

  constructor(
    private readonly task: ClaimedTask,
    private readonly events: RunEvents,
    private readonly writer: RunWriter,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#held = task.held;
  }

  /** The code fits all that the task has done: it goes on. */
  fits(): void {
    if (this.#held === null) return;
    this.#held = null;
    this.log.info({ taskId: this.task.id, agent: this.task.agent }, 'a task that was held goes on');
    this.events.emitBeside({ kind: 'statusUpdate', state: 'WORKING', progress: this.events.progress, held: null });
  }

  /** The task stays what it is, in nobody's hands, until code comes that fits, or an operator says what to do. */
  hold(contradiction: ContradictionError): Promise<void> {
    this.#holding ??= this.#hold(contradiction);
    return this.#holding;
  }

  async #hold(contradiction: ContradictionError): Promise<void> {
    const { id: taskId, agent } = this.task;
    const finished = cut(contradiction.finished, MOST_CHARACTERS);
    const found = cut(contradiction.found, MOST_CHARACTERS);
    this.log.warn({ taskId, agent, finished, found }, 'a task is held');
    await this.writer.committed();
    const before = this.#held;
    if (before?.finished === finished && before.found === found) return this.writer.hold(undefined);
    const held = { finished, found, since: before?.since ?? this.clock.now().toISOString() };
    await this.writer.hold({
      kind: 'statusUpdate',
      key: `held:${newId()}`,
      state: 'WORKING',
      progress: { ...this.events.progress, stage: heldStage(held) },
      held,
    });
  }
}
