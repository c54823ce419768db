/** Counts what the log has stored: tasks that began and ended, runs, and how the batches went. */
import { isTerminal } from '@continuo/agent/internal/tasks/task-state.js';
import type { Metrics, Recorders } from '../platform/metrics/metrics.js';
import type { Append, Appended } from './append-events.js';
import type { Entries } from './append-entries.js';
import type { Claimed } from './claim-tasks.js';
import type { NewTask, Opened } from './open-tasks.js';

type Rows = Entries['rows'];

export class LogMetrics {
  readonly #record: Recorders;

  constructor(
    metrics: Metrics,
    /** Counts what runs have finished: rows for the companion of the log. */
    private readonly finished: (agent: string, rows: Rows) => void,
  ) {
    this.#record = metrics.record;
  }

  batch(batch: string): (items: number, seconds: number) => void {
    return (items, seconds) => {
      this.#record.batchSize({ batch }, items);
      this.#record.batchDuration({ batch }, seconds);
    };
  }

  opened({ agent }: NewTask, became: Opened): void {
    if (became === 'known') return;
    this.#record.tasksCreated({ agent });
    if (became === 'running') this.#began(agent, 'first', 0);
  }

  claimed({ task: { agent }, cause, waitedSeconds }: Claimed): void {
    this.#began(agent, cause, waitedSeconds);
  }

  appended(appends: readonly Append[], stored: ReadonlyMap<string, Appended>): void {
    for (const { taskId, agent, events, entries } of appends) {
      const appended = stored.get(taskId);
      if (appended === undefined) continue;
      if (entries !== undefined && entries.length > 0) this.finished(agent, entries);
      for (const event of events) {
        if (event.kind !== 'statusUpdate') continue;
        if (event.held) this.#record.tasksHeld({ agent });
        if (!isTerminal(event.state)) continue;
        const labels = { agent, state: event.state.toLowerCase() };
        this.#record.tasksEnded(labels);
        if (appended.livedSeconds !== undefined) this.#record.taskDuration(labels, appended.livedSeconds);
      }
    }
  }

  recorded(entries: readonly Entries[], stored: ReadonlySet<string>): void {
    for (const { taskId, agent, rows } of entries) if (stored.has(taskId)) this.finished(agent, rows);
  }

  /** A stream over many tasks has read so many events. */
  fed(events: number): void {
    this.#record.feedReads({ found: events > 0 ? 'events' : 'nothing' });
  }

  #began(agent: string, cause: Claimed['cause'], waitedSeconds: number): void {
    this.#record.runsStarted({ agent, cause });
    if (cause === 'first') this.#record.taskQueued({ agent }, waitedSeconds);
  }
}
