/** What a run emits: each thing under a name of its own, and what an earlier run has stored left out. */
import { TerminalError } from '../platform/errors.js';
import { derivedId, newId } from '../platform/ids.js';
import { Counts } from '../runs/counts.js';
import type { JournalRow } from '../runs/journal-row.js';
import type { JournalRun } from '../runs/journal-run.js';
import { shortHash, type Sayings } from '../runs/sayings.js';
import type { Message } from '../sessions/message.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import { chunkKey, sayingKey } from '../tasks/stored-sayings.js';
import type { RunWriter } from '../tasks/run-writer.js';
import type { Artifact } from '../tasks/task.js';
import type { NewArtifactChunk, NewEvent, NewStatus, Progress } from '../tasks/task-event.js';
import { RunStream } from './run-stream.js';

export type EventWriter = Pick<RunWriter, 'write' | 'repeat' | 'end' | 'committed' | 'admit' | 'room'>;

type Unkeyed = Omit<NewStatus, 'key'> | Omit<NewArtifactChunk, 'key'>;

export class RunEvents {
  /** Things that the agent has said in this run, those included that an earlier run had stored. */
  #said = 0;
  #ended = false;
  /** A question was put that nobody has answered: this run says nothing more. */
  #asks = false;
  readonly #named = new Counts();
  #progress: Progress;

  constructor(
    private readonly task: ClaimedTask,
    private readonly run: JournalRun,
    private readonly sayings: Sayings,
    private readonly writer: EventWriter,
  ) {
    this.#progress = { fraction: task.progress ?? 0, stage: task.stage ?? '' };
  }

  /**
   * Says something, unless an earlier run has said the very same here. `content` is what makes it the same; `toEvent` is
   * given the id of its message.
   */
  say(kind: string, content: unknown, toEvent: (messageId: string) => Unkeyed): void {
    this.run.says();
    if (this.#isSilent()) return;
    const saying = this.sayings.say(this.scope(), kind, content);
    const { id, origin } = this.task;
    const key = sayingKey(origin, saying.hash);
    const event = keyed(toEvent(derivedId(`${id}:${key}:${saying.time}`)), key);
    this.emit(event, saying.stored);
  }

  /**
   * Tells watchers something by which nothing in the run is found again, wherever its code has got to: once for each content.
   */
  tell(kind: string, content: unknown, toEvent: () => Unkeyed): void {
    if (this.isOver) return;
    const { hash, stored } = this.sayings.say('', kind, content);
    this.emit(keyed(toEvent(), sayingKey(this.task.origin, hash)), stored);
  }

  /** Takes the chunks of an artifact that is written piece by piece. */
  stream(first: Artifact): RunStream {
    this.run.says();
    const name = shortHash(this.name(`stream ${first.artifactId}`));
    const emit = (event: NewArtifactChunk, stored: boolean): void => {
      if (!this.#isSilent()) this.emit(event, stored);
    };
    // A step that runs again may well write something else: there an artifact begins anew.
    if (this.run.currentStep() !== undefined) {
      const own = newId();
      return new RunStream({ first, keyOf: (chunk) => `piece:${own}:${chunk}`, before: undefined, emit });
    }
    const keyOf = (chunk: number, hash: string): string => chunkKey(this.task.origin, name, chunk, hash);
    return new RunStream({ first, keyOf, before: this.sayings.stream(name), emit });
  }

  /** `stored`: an earlier run has stored it; what can't be stored is refused in each run all the same. */
  private emit(event: NewEvent, stored: boolean): void {
    this.#said += 1;
    if (stored) this.writer.repeat(event);
    else this.#write(event, this.#said);
  }

  #write(event: NewEvent, said: number): void {
    this.writer.write(event, said);
    if (event.kind === 'statusUpdate' && event.progress !== undefined) this.#progress = event.progress;
  }

  /**
   * Puts a question, after which this run says nothing more; false when another was put before. `known`: it was asked
   * before, and its message is in the session.
   */
  ask(event: Omit<NewStatus, 'key'>, { known, message, row }: Asking): boolean {
    if (this.#isSilent()) return false;
    this.#said += 1;
    const said = keyed(event, `ask:${newId()}`);
    this.writer.write(said, this.#said, known ? undefined : message, row);
    this.#asks = true;
    // What a step says from now on is not said: nor is its result recorded.
    this.run.asks();
    return true;
  }

  /** Emits an event that is not the agent's: when it comes depends on others. */
  emitBeside(event: Unkeyed): void {
    if (!this.#ended && !this.#asks) this.#write(keyed(event, `beside:${newId()}`), 0);
  }

  /** The last event, and before it the answer; whatever the agent says after it is refused. */
  end(event: Omit<NewStatus, 'key'>, { sessionMessage, answer, record }: AtTheEnd): void {
    this.#ended = true;
    const { attempt } = this.task;
    const artifact = answer === undefined ? undefined : toChunk(answer, `returned:${attempt}`);
    this.writer.end(keyed(event, `end:${attempt}`) as NewStatus, { sessionMessage, artifact, record });
  }

  /** The name of the message with which an attempt ends: one of its own, whatever was said before and by which code. */
  get endName(): string {
    return `${this.task.id}:end:${this.task.attempt}`;
  }

  /** How far the task is, as far as it was said. */
  get progress(): Progress {
    return this.#progress;
  }

  /** Resolves when everything said so far is stored. */
  committed(): Promise<void> {
    return this.writer.committed();
  }

  /** Throws TerminalError when the agent has said too much that is not stored yet. */
  admit(): void {
    this.writer.admit();
  }

  /** Resolves when there is room for more. */
  room(): Promise<void> {
    return this.writer.room();
  }

  /** A name for the n-th thing of a kind in its place, the same in every run and every attempt. */
  name(kind: string): string {
    const { branch, lineage } = this.run.place();
    const step = this.run.openStep();
    const place = step?.key ?? JSON.stringify([branch, lineage]);
    const scope = JSON.stringify(step === undefined ? [branch, lineage, kind] : [step.identity, kind]);
    return `${this.task.id}:${scope}:${this.#named.next(place, kind)}`;
  }

  /** A step that begins (again) names its things from the start. */
  stepBegins(): void {
    this.#named.forget(this.run.currentStep() ?? '');
  }

  /** Whether nothing more is said: the run has ended, or a later one says it again. */
  get isOver(): boolean {
    return this.#ended || this.#asks;
  }

  /** The branch or the step in which something is said. */
  scope(): string {
    return this.run.currentStep() ?? this.run.place().branch;
  }

  #isSilent(): boolean {
    if (this.#ended) throw new TerminalError(`Task ${this.task.id} has ended; its agent can say nothing more.`);
    return this.#asks;
  }
}

/** What goes with the end of a task. */
export interface AtTheEnd {
  readonly sessionMessage?: Message;
  /** What the agent returned. */
  readonly answer?: Artifact;
  /** Stored with it: see toFailureRow. */
  readonly record?: Readonly<Record<string, unknown>>;
}

export interface Asking {
  readonly known: boolean;
  readonly message: Message | undefined;
  /** The question in the journal. */
  readonly row?: JournalRow;
}

function toChunk(artifact: Artifact, key: string): NewArtifactChunk {
  return { kind: 'artifactUpdate', key, artifact, append: false, lastChunk: true };
}

function keyed(event: Unkeyed, key: string): NewEvent {
  return { key, ...event };
}
