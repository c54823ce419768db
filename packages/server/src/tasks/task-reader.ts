/** Reads tasks: small ones together, a large one by itself, and when there is room for it. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { AnswerRoom, type AnswerRoomOptions } from '../platform/answer-room.js';
import { Batcher } from '../platform/batcher.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database } from '../platform/database.js';
import type { ObjectStorage } from './content-object.js';
import { readLargeTask } from './read-large-task.js';
import { readSizes, shareRoom } from './read-together.js';
import { readTasks, toTaskAt, type TaskAt, type TaskQuery, type TaskRow, type TaskView } from './read-tasks.js';

export class TaskReader {
  readonly #reads: Batcher<TaskQuery, TaskRow | undefined>;
  readonly #room: AnswerRoom;

  constructor(
    private readonly database: Database,
    private readonly objects: ObjectStorage,
    answers: AnswerRoomOptions,
    clock: Clock,
  ) {
    this.#reads = new Batcher({ run: (queries) => readTasks(database, queries), maxInFlight: 4 });
    this.#room = new AnswerRoom(answers, clock);
  }

  /** Undefined for what doesn't exist and for what isn't the caller's. Throws UNAVAILABLE when there is no room. */
  async read(query: TaskQuery): Promise<TaskAt | undefined> {
    const row = await orUnavailable(() => this.#reads.submit(query));
    return row === undefined ? undefined : this.whole(row, query);
  }

  /** The same in a page, for which there is always room. */
  async beginning(query: TaskQuery): Promise<TaskAt | undefined> {
    const row = await orUnavailable(() => this.#reads.submit(query));
    return row === undefined ? undefined : this.#within(row, query, this.database.shares.bytes);
  }

  /**
   * Tasks with what they made, together no more than one answer carries: the content of large artifacts is where their
   * metadata say. Without those that are gone. Throws TerminalError when their answers alone are more, and UNAVAILABLE.
   */
  async together(caller: Caller, ids: readonly string[]): Promise<ReadonlyMap<string, TaskAt>> {
    const view = { historyLength: 0, artifacts: true };
    const read = ids.map((id) => orUnavailable(() => this.#reads.submit({ caller, id, ...view })));
    const rows = (await Promise.all(read)).filter((row) => row !== undefined);
    const { answerBytes } = this.#room;
    const bytes = rows.reduce((sum, row) => sum + (row.bytes ?? 0), 0);
    if (bytes <= answerBytes && rows.every((row) => row.left_out !== true)) {
      return new Map(rows.map((row) => [row.id, toTaskAt(row, view)]));
    }
    const rooms = shareRoom(await readSizes(this.database, caller, ids), answerBytes);
    const within = (row: TaskRow): Promise<TaskAt> => {
      const room = rooms.get(row.id) ?? 0;
      // A small one has come as a whole, also where there is no room for all of it.
      return this.#within((row.bytes ?? 0) > room ? { ...row, left_out: true } : row, view, room);
    };
    const tasks = await this.#room.take(bytes, () => Promise.all(rows.map(within)));
    return new Map(tasks.map((task) => [task.task.id, task]));
  }

  /** A row of a list with what it says. */
  async whole(row: TaskRow, view: TaskView): Promise<TaskAt> {
    if (row.left_out !== true) return toTaskAt(row, view);
    const { answerBytes } = this.#room;
    const most = Math.min(answerBytes, view.mostBytes ?? answerBytes);
    return this.#room.take(Math.min(row.bytes ?? most, most), () => this.#within(row, view, most));
  }

  async #within(row: TaskRow, view: TaskView, bytes: number): Promise<TaskAt> {
    if (row.left_out !== true) return toTaskAt(row, view);
    return toTaskAt(
      await orUnavailable(() => readLargeTask(this.database.patient, this.objects, row, view, bytes)),
      view,
    );
  }
}
