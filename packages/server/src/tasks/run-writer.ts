/** What one run writes to its task's log: in order, several events at a time, again and again until it is stored. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../platform/clock.js';
import { isTransient } from '../platform/database.js';
import { ContinuoError } from '../platform/errors.js';
import { storable } from '../platform/storable.js';
import type { Message, Part } from '../sessions/message.js';
import { ArtifactAllowance, type ArtifactLimits } from './artifact-allowance.js';
import type { EventLog } from './event-log.js';
import type { NewEvent } from './task-event.js';

/** Characters that may wait for their commit before `room` makes the writer wait. */
const ROOM = 64 * 1024;
/** Characters of an event beside what it says. */
const ENVELOPE = 250;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;

interface Entry {
  readonly event: NewEvent;
  readonly sessionMessage: Message | undefined;
  readonly size: number;
  readonly bodyEvents: number;
}

interface RunIdentity {
  readonly taskId: string;
  readonly contextId: string;
  readonly agent: string;
  readonly token: string;
  readonly artifactLimits: ArtifactLimits;
}

export class RunWriter {
  #waiting: Entry[] = [];
  #size = 0;
  #runSeq = 0;
  #flushing: Promise<void> | undefined;
  #failure: Error | undefined;
  readonly #allowance: ArtifactAllowance;

  constructor(
    private readonly log: EventLog,
    private readonly run: RunIdentity,
    private readonly clock: Clock,
    /** Called once, when the run can write no more: it lost its task, or the task has ended. */
    private readonly onFailure: (error: Error) => void,
  ) {
    this.#allowance = new ArtifactAllowance(run.artifactLimits);
  }

  /**
   * Queues an event; `committed` says when it is stored. Throws when the run can write no more, and TerminalError when
   * the event can't be stored or is too large.
   */
  write(said: NewEvent, bodyEvents: number, sessionMessage?: Message): void {
    if (this.#failure !== undefined) throw this.#failure;
    const { event, size } = this.#admitted(said);
    this.#waiting.push({ event, sessionMessage: storable(sessionMessage), size, bodyEvents });
    this.#size += size;
    if (this.#flushing === undefined) {
      this.#flushing = this.#flush();
      this.#flushing.catch(() => undefined);
    }
  }

  /** An event that an earlier run has stored: it counts, and is refused as it was then. */
  repeat(said: NewEvent): void {
    this.#admitted(said);
  }

  #admitted(said: NewEvent): { readonly event: NewEvent; readonly size: number } {
    const event = storable(said);
    const size = sizeOf(event);
    if (event.kind === 'artifactUpdate') this.#allowance.take(event, size - ENVELOPE);
    return { event, size };
  }

  /** Resolves when everything written so far is stored. */
  async committed(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when there is room for more: at once, unless storing can't keep up. */
  async room(): Promise<void> {
    while (this.#size > ROOM && this.#flushing !== undefined) await this.#flushing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #flush(): Promise<void> {
    try {
      // What the agent says right after this, its end for instance, goes along.
      await setImmediate();
      const entries = this.#waiting;
      this.#waiting = [];
      this.#runSeq += 1;
      await this.#store(entries, this.#runSeq);
      this.#size -= entries.reduce((sum, entry) => sum + entry.size, 0);
      this.#flushing = this.#waiting.length > 0 ? this.#flush() : undefined;
      this.#flushing?.catch(() => undefined);
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#flushing = undefined;
      this.onFailure(this.#failure);
      throw this.#failure;
    }
  }

  /** Waits out a database that is away; the run's own counting keeps a repeated try from storing anything twice. */
  async #store(entries: readonly Entry[], runSeq: number): Promise<void> {
    const { taskId, contextId, agent, token } = this.run;
    for (let delay = FIRST_RETRY_MS; ; delay = Math.min(delay * 2, LAST_RETRY_MS)) {
      try {
        await this.log.append({
          taskId,
          contextId,
          agent,
          guard: { token, runSeq },
          events: entries.map((entry) => entry.event),
          sessionMessages: entries.flatMap((entry) => entry.sessionMessage ?? []),
          bodyEvents: Math.max(...entries.map((entry) => entry.bodyEvents)),
          at: this.clock.now().toISOString(),
        });
        return;
      } catch (error) {
        if (error instanceof ContinuoError || !isTransient(error)) throw error;
        await this.clock.sleep(delay);
      }
    }
  }
}

/** About as many characters as the event has in the log. */
function sizeOf(event: NewEvent): number {
  const parts = event.kind === 'artifactUpdate' ? event.artifact.parts : (event.message?.parts ?? []);
  return parts.reduce((size, part) => size + sizeOfPart(part), ENVELOPE);
}

function sizeOfPart({ text, raw, data }: Part): number {
  if (text !== undefined) return text.length;
  if (raw !== undefined) return raw.length;
  return data === undefined ? 0 : (JSON.stringify(data)?.length ?? 0);
}
