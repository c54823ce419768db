/** Counts the tasks that ended or need somebody while nobody looked at this tab, and tells so where that is wanted. */
import { call } from '../api/client.js';
import { feed } from '../api/feed.js';
import type { Task } from '@continuo/client';
import { Watchers } from '../api/watchers.js';
import { startOf } from '../components/cut-text.js';
import {
  agentOf,
  asksItsProgram,
  hasEnded,
  isWaiting,
  progressOf,
  stateOf,
  textOf,
  titleOf,
  toState,
} from '@continuo/client/facts';
import { texts } from '../texts.js';
import { isNotifying, notify } from './notifying.js';

const LOOK_AFTER_MS = 500;
/** More at once are told of in one. */
const MOST_TOLD = 3;
const MOST_CHARACTERS = 140;

class Attention {
  readonly #unseen = new Set<string>();
  #candidates = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #watchers = new Watchers();

  /** Answers with how to stop. */
  start(open: (taskId: string) => void): () => void {
    const unsubscribe = feed.subscribe((events) => {
      if (!document.hidden) return;
      for (const { taskId, response } of events) {
        const wire = response.statusUpdate?.status.state;
        if (wire !== undefined && (hasEnded(toState(wire)) || isWaiting(toState(wire)))) this.#candidates.add(taskId);
      }
      if (this.#candidates.size === 0 || this.#timer !== undefined) return;
      this.#timer = setTimeout(() => void this.#look(open), LOOK_AFTER_MS);
    });
    const onVisible = (): void => {
      if (!document.hidden) this.#see();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      unsubscribe();
      document.removeEventListener('visibilitychange', onVisible);
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  readonly watch = this.#watchers.watch;

  /** How many tasks nobody has seen. */
  readonly count = (): number => this.#unseen.size;

  #see(): void {
    this.#candidates = new Set();
    this.#unseen.clear();
    this.#watchers.tell();
  }

  /** What an event doesn't say: whose task it is. Children report to their parents, and only roots to people. */
  async #look(open: (taskId: string) => void): Promise<void> {
    const candidates = this.#candidates;
    this.#candidates = new Set();
    this.#timer = undefined;
    const list = await call('listTasks', { query: { pageSize: 100, historyLength: 0 } }).catch(() => undefined);
    const tasks = (list?.tasks ?? []).filter((task) => candidates.has(task.id) && concernsPeople(task));
    if (!document.hidden || tasks.length === 0) return;
    for (const { id } of tasks) this.#unseen.add(id);
    this.#watchers.tell();
    if (!isNotifying()) return;
    if (tasks.length > MOST_TOLD) notify(texts.attention.several(tasks.length), '', 'continuo', () => undefined);
    else for (const task of tasks) tell(task, open);
  }
}

export const attention = new Attention();

function concernsPeople(task: Task): boolean {
  const state = stateOf(task);
  return (
    progressOf(task).parentTaskId === undefined && (hasEnded(state) || (isWaiting(state) && !asksItsProgram(task)))
  );
}

function tell(task: Task, open: (taskId: string) => void): void {
  const said = startOf(textOf(task.status.message?.parts) || titleOf(task), MOST_CHARACTERS);
  notify(`${agentOf(task)}: ${texts.states[stateOf(task)]}`, said, task.id, () => open(task.id));
}
