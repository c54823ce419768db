/** What one run writes to its task's log: in order, several events at a time, again and again until it is stored. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../platform/clock.js';
import { ContinuoError, messageOf, TerminalError } from '../platform/errors.js';
import { patiently } from '../platform/patiently.js';
import { storable } from '../platform/storable.js';
import type { Message } from '../sessions/message.js';
import { ArtifactAllowance, type ArtifactLimits } from './artifact-allowance.js';
import type { RunAppend, RunLog } from './run-log.js';
import { partsBytes, type NewArtifactChunk, type NewEvent, type NewStatus } from './task-event.js';

/** Characters that may wait behind the commit that is under way before `room` makes the writer wait. */
const ROOM = 64 * 1024;
/** Characters of an event beside what it says. */
const ENVELOPE = 250;
/** Events and characters of one commit, at the most; a larger event is one of its own. */
const MOST_IN_COMMIT = 1_000;
const MOST_SIZE_IN_COMMIT = 4 * 1024 * 1024;
/** Events and characters that may wait for their commits, however little the agent waits for room. */
const MOST_WAITING = 20_000;
const MOST_SIZE_WAITING = 128 * 1024 * 1024;

interface Entry {
  /** Undefined for what goes into the journal only. */
  readonly event: NewEvent | undefined;
  readonly record?: JournalRow;
  readonly sessionMessage: Message | undefined;
  readonly size: number;
  readonly bodyEvents: number;
  /** Called before it is stored: nothing in it may change from then on. */
  readonly taken?: (() => void) | undefined;
}

/** What goes with the end of a task. */
interface AtTheEnd {
  readonly sessionMessage?: Message | undefined;
  readonly artifact?: NewArtifactChunk | undefined;
  /** For the companion of the log. */
  readonly record?: JournalRow | undefined;
}

type Recorded = Entry & { readonly record: JournalRow };

/** Whether it goes into the journal, and nothing is said with it. */
function isRecord(entry: Entry): entry is Recorded {
  return entry.event === undefined && entry.record !== undefined && entry.sessionMessage === undefined;
}

/** What a run has finished, as the companion of the log stores it. */
type JournalRow = Readonly<Record<string, unknown>>;

interface RunIdentity {
  readonly taskId: string;
  readonly contextId: string;
  readonly agent: string;
  readonly token: string;
  readonly artifactLimits: ArtifactLimits;
}

/** What the run wrote can't be stored, now or ever: its task can't go on, and ends by `RunWriter.endInstead`. */
export class NotStoredError extends Error {
  override readonly name = 'NotStoredError';

  constructor(cause: unknown) {
    super(`What the agent said can't be stored: ${messageOf(cause)}`, { cause });
  }
}

export class RunWriter {
  #waiting: Entry[] = [];
  /** How many entries were queued, and how many of them are stored. */
  #queued = 0;
  #stored = 0;
  #size = 0;
  /** Of `#size`, what the commit under way holds. */
  #underWay = 0;
  #runSeq = 0;
  #flushing: Promise<void> | undefined;
  #crowded: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #failure: Error | undefined;
  #overflow: TerminalError | undefined;
  readonly #allowance: ArtifactAllowance;

  constructor(
    private readonly log: RunLog,
    private readonly run: RunIdentity,
    private readonly clock: Clock,
    /** Called once, when the run can write no more: it lost its task, the task has ended, or NotStoredError. */
    private readonly onFailure: (error: Error) => void,
  ) {
    this.#allowance = new ArtifactAllowance(run.artifactLimits);
  }

  /**
   * Queues an event; `committed` says when it is stored. Throws when the run can write no more, and TerminalError when
   * the event can't be stored, is too large, or is one too many.
   */
  write(said: NewEvent, bodyEvents: number, sessionMessage?: Message, record?: JournalRow): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.admit();
    const { event, size } = this.#admitted(said);
    const row = record === undefined ? {} : { record };
    this.#queue({ event, sessionMessage: storable(sessionMessage), size, bodyEvents, ...row });
  }

  /**
   * Queues a row of the journal; resolves when it is stored, together with what was written before. `alone`: there is
   * nothing that could go along. `taken`: see Entry.
   */
  record(row: JournalRow, alone: boolean, taken?: () => void): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const size = sizeOfRow(row);
    this.#queue({ event: undefined, sessionMessage: undefined, record: row, size, bodyEvents: 0, taken }, alone);
    return this.#through(this.#queued);
  }

  /** Queues the task's end, which there is always room for; throws TerminalError for an answer that is too large. */
  end(said: NewStatus, { sessionMessage, artifact, record }: AtTheEnd): void {
    if (this.#failure !== undefined) throw this.#failure;
    const message = storable(sessionMessage);
    if (message !== undefined && said.failure === undefined) this.#allowance.checkMessage(partsBytes(message.parts));
    const answer = artifact === undefined ? undefined : this.#admitted(artifact);
    const { event, size } = this.#admitted(said);
    if (answer !== undefined) this.#queue({ sessionMessage: undefined, bodyEvents: 0, ...answer });
    const row = record === undefined ? {} : { record };
    this.#queue({ event, sessionMessage: message, size, bodyEvents: 0, ...row });
  }

  #queue(entry: Entry, alone = false): void {
    this.#waiting.push(entry);
    this.#queued += 1;
    this.#size += entry.size;
    if (this.#flushing === undefined) {
      this.#flushing = this.#flush(alone);
      this.#flushing.catch(nothing);
    }
  }

  /** Puts the task, which is held, into nobody's hands; `event` says why, unless that was said before. */
  async hold(event: NewStatus | undefined): Promise<void> {
    const entry = { sessionMessage: undefined, size: 0, bodyEvents: 0 };
    const entries = event === undefined ? [] : [{ ...entry, event: storable(event) }];
    await this.#commit(entries, { release: true, misfit: true });
  }

  /**
   * Ends the task in place of what could not be stored, with nothing that could be refused for its content. `record`: for
   * the companion of the log; where that is what is refused, the task ends without.
   */
  async endInstead(event: NewStatus, record: JournalRow): Promise<void> {
    const end = { event: storable(event), sessionMessage: undefined, size: 0, bodyEvents: 0 };
    try {
      await this.#commit([{ ...end, record }]);
    } catch (error) {
      if (error instanceof ContinuoError && isTheTasks(error)) throw error;
      await this.#commit([end]);
    }
  }

  /** Throws TerminalError while too much waits for its commit. One error for all: a loop may ask a million times. */
  admit(): void {
    if (this.#waiting.length < MOST_WAITING && this.#size <= MOST_SIZE_WAITING) return;
    this.#overflow ??= new TerminalError(
      `The agent says more than can be stored, ${this.#waiting.length} things wait for it: ` +
        'await what progress, artifact and write give back.',
    );
    throw this.#overflow;
  }

  /** An event that an earlier run has stored: it counts, and is refused as it was then. */
  repeat(said: NewEvent): void {
    this.#admitted(said);
  }

  /** Counts a message that is stored beside the log. Throws TerminalError for one that is too much. */
  saysBeside(bytes: number): void {
    this.#allowance.say(bytes);
  }

  #admitted(said: NewEvent): { readonly event: NewEvent; readonly size: number } {
    const event = storable(said);
    const size = sizeOf(event);
    if (event.kind === 'artifactUpdate') this.#allowance.take(event, size - ENVELOPE);
    // Why a task failed can always be said: it is short.
    else if (event.failure === undefined) this.#allowance.say(size - ENVELOPE);
    return { event, size };
  }

  /** Resolves when everything written so far is stored. */
  committed(): Promise<void> {
    return this.#through(this.#queued);
  }

  /** Resolves when the first `count` entries are stored. */
  #through(count: number): Promise<void> {
    // What is under way holds all of them, most of the time.
    if (this.#flushing !== undefined && this.#queued === count && this.#waiting.length === 0) return this.#flushing;
    return this.#throughMore(count);
  }

  async #throughMore(count: number): Promise<void> {
    while (this.#stored < count && this.#flushing !== undefined) await this.#flushing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when there is room for more: at once, unless storing can't keep up. */
  async room(): Promise<void> {
    if (this.#isCrowded && this.#flushing !== undefined) {
      // One promise for all, however many wait.
      this.#crowded ??= deferred();
      await this.#crowded.promise;
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** The agent goes on while a commit is under way: the next one is full when it ends. */
  get #isCrowded(): boolean {
    return this.#size - this.#underWay > ROOM;
  }

  #makeRoom(): void {
    this.#crowded?.resolve();
    this.#crowded = undefined;
  }

  async #flush(alone = false): Promise<void> {
    try {
      // What the agent says right after this, its end for instance, goes along.
      if (!alone) await setImmediate();
      const entries = this.#take();
      this.#underWay = sizeOfAll(entries);
      if (!this.#isCrowded) this.#makeRoom();
      if (entries.every(isRecord)) await this.#record(entries);
      else await this.#commit(entries);
      this.#stored += entries.length;
      this.#size -= this.#underWay;
      this.#underWay = 0;
      this.#flushing = this.#waiting.length > 0 ? this.#flush() : undefined;
      this.#flushing?.catch(nothing);
    } catch (error) {
      this.#failure = error instanceof ContinuoError && isTheTasks(error) ? error : new NotStoredError(error);
      this.#flushing = undefined;
      this.#waiting = [];
      this.#makeRoom();
      this.onFailure(this.#failure);
      throw this.#failure;
    }
  }

  /** What goes into the next commit. */
  #take(): readonly Entry[] {
    let [count, size] = [0, 0];
    for (const entry of this.#waiting) {
      size += entry.size;
      if (count > 0 && (count >= MOST_IN_COMMIT || size > MOST_SIZE_IN_COMMIT)) break;
      count += 1;
    }
    const taken = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    for (const entry of taken) entry.taken?.();
    return taken;
  }

  #record(entries: readonly Recorded[]): Promise<void> {
    const { taskId, agent, token } = this.run;
    const rows = entries.map(({ record }) => record);
    return patiently(() => this.log.record({ taskId, agent, token, rows }), this.clock);
  }

  /** The run's next commit, by its number: one that was refused has none, or the next one would be taken for a repeated try. */
  async #commit(entries: readonly Entry[], more: Pick<RunAppend, 'release' | 'misfit'> = {}): Promise<void> {
    this.#runSeq += 1;
    try {
      await this.#store(entries, this.#runSeq, more);
    } catch (error) {
      this.#runSeq -= 1;
      throw error;
    }
  }

  /** Waits out a database or a storage that is away; the run's own counting keeps a repeated try from storing anything twice. */
  #store(entries: readonly Entry[], runSeq: number, more: Pick<RunAppend, 'release' | 'misfit'>): Promise<void> {
    const { taskId, contextId, agent, token } = this.run;
    const append = {
      taskId,
      contextId,
      agent,
      guard: { token, runSeq },
      entries: entries.flatMap(({ record }) => (record === undefined ? [] : [record])),
      sessionMessages: entries.flatMap((entry) => entry.sessionMessage ?? []),
      ...more,
      bodyEvents: entries.reduce((most, entry) => Math.max(most, entry.bodyEvents), 0),
    };
    const events = entries.flatMap((entry) => entry.event ?? []);
    const stores = this.log.storedApart(events, { clock: this.clock, ...this.run });
    const store = (said: readonly NewEvent[]): Promise<void> =>
      this.log.append({ events: said, at: this.clock.now().toISOString(), ...append });
    return patiently(() => (stores === undefined ? store(events) : stores().then(store)), this.clock);
  }
}

function nothing(): void {}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Refusals that say what became of the task, not of what was to be stored. */
function isTheTasks({ code }: ContinuoError): boolean {
  return code === 'RUN_LOST' || code === 'TASK_ENDED' || code === 'TASK_NOT_FOUND';
}

function sizeOfAll(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + entry.size, 0);
}

/** About as many characters as the row has in the journal. */
function sizeOfRow({ result, input }: JournalRow): number {
  return ENVELOPE + (typeof result === 'string' ? result.length : 0) + (typeof input === 'string' ? input.length : 0);
}

/** About as many characters as the event has in the log. */
function sizeOf(event: NewEvent): number {
  if (event.kind === 'artifactUpdate') return ENVELOPE + partsBytes(event.artifact.parts);
  const { message, metadata } = event;
  return ENVELOPE + partsBytes(message?.parts ?? []) + (metadata === undefined ? 0 : JSON.stringify(metadata).length);
}
