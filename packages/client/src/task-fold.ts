/** `foldTask`: a task as its events tell it, with the fold that the server's own answers are made with. */
import { HELD_EXTENSION, PROGRESS_EXTENSION } from './extensions.js';
import { LogFold, shownProgress } from './fold.js';
import type { Artifact, Message, StreamResponse, Task } from './schema.generated.js';

const NOT_YET: Task['status'] = { state: 'TASK_STATE_SUBMITTED', timestamp: '' };

/**
 * A task that grows with its events. What is not in its log comes from `know`: who its parent is, why it failed.
 *
 * @example
 * const fold = new TaskFold();
 * for await (const { event } of client.tasks.follow(id)) render(fold.add(event).task);
 */
export class TaskFold {
  readonly #log = new LogFold<Artifact, Message, Task['status']>();
  #ids = { id: '', contextId: '' };
  #said: Readonly<Record<string, unknown>> = {};
  #known: Readonly<Record<string, unknown>> = {};
  #task: Task | undefined;

  /** Takes the next event of the task's log. */
  add(event: StreamResponse): this {
    const { task, statusUpdate } = event;
    this.#task = undefined;
    this.#log.add(event);
    if (task !== undefined) {
      this.#ids = { id: task.id, contextId: task.contextId };
      this.#said = task.metadata ?? {};
    } else if (statusUpdate !== undefined) {
      this.#ids = { id: statusUpdate.taskId, contextId: statusUpdate.contextId };
    }
    return this;
  }

  /** Takes over what an answer of the server says of the task in its metadata. */
  know({ metadata }: Pick<Task, 'metadata'>): this {
    this.#task = undefined;
    this.#known = { ...this.#known, ...metadata };
    return this;
  }

  /** The task so far; the same object until something is added. */
  get task(): Task {
    const { history, artifacts, status = NOT_YET } = this.#log;
    this.#task ??= {
      ...this.#ids,
      status,
      artifacts: artifacts.toArray(),
      ...(history.length === 0 ? {} : { history: [...history] }),
      metadata: this.#metadata(),
    };
    return this.#task;
  }

  #metadata(): Task['metadata'] {
    const { [HELD_EXTENSION]: _before, ...known } = this.#known;
    const { howFar } = this.#log;
    const { held, attempt } = howFar;
    return {
      ...known,
      ...this.#said,
      [PROGRESS_EXTENSION]: {
        ...(known[PROGRESS_EXTENSION] as object | undefined),
        ...shownProgress(howFar),
        ...(attempt === 1 ? {} : { attempt }),
      },
      ...(held === undefined ? {} : { [HELD_EXTENSION]: held }),
    };
  }
}

/** The task after `events`, which are its log from the first one on. */
export function foldTask(events: Iterable<StreamResponse>): Task {
  const fold = new TaskFold();
  for (const event of events) fold.add(event);
  return fold.task;
}
