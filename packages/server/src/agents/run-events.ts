/** What a run emits: keys that a recovered run repeats, and what an earlier run emitted left out. */
import { TerminalError } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import type { ClaimedTask } from '../tasks/claim-tasks.js';
import type { RunWriter } from '../tasks/run-writer.js';
import type { NewArtifactChunk, NewEvent, NewStatus } from '../tasks/task-event.js';
import type { Message } from '../sessions/message.js';
import type { Run } from '../engine/run.js';

type Unkeyed = Omit<NewStatus, 'key'> | Omit<NewArtifactChunk, 'key'>;

export class RunEvents {
  /** Events that the body has emitted in this run, those included that an earlier run had stored. */
  #body = 0;
  #ended = false;
  /** A question was put that nobody has answered: this run says nothing more. */
  #asks = false;
  #stepsSpeak = false;
  /** Steps that said something after the question: not kept, so that a later run says it. */
  readonly #unheard = new Set<number>();
  readonly #named = new Map<string, number>();

  constructor(
    private readonly task: ClaimedTask,
    private readonly run: Run,
    private readonly writer: RunWriter,
  ) {}

  /**
   * Emits an event. From the body of the agent it is the n-th of its task: when an earlier run had stored as many, it
   * is there already. From inside a step it is new: a step that is run again has said nothing yet.
   */
  emit(event: Unkeyed, sessionMessage?: Message): void {
    if (this.#ended) throw new Error(`Task ${this.task.id} has ended; its agent can say nothing more.`);
    const step = this.run.currentStep();
    if (this.#asks) {
      if (step !== undefined) this.#unheard.add(step);
      return;
    }
    if (step !== undefined) {
      this.#stepsSpeak = true;
      this.writer.write(keyed(event, `step:${step}:${newId()}`), 0, sessionMessage);
      return;
    }
    const number = this.#body + 1;
    const own = keyed(event, this.#key(`body:${number}`));
    // What can't be stored is refused in each run, and is no event in any.
    if (number <= this.task.bodyEvents) this.writer.repeat(own);
    else this.writer.write(own, number, sessionMessage);
    this.#body = number;
  }

  /** The same for a question; one that waits for its answer is asked again, also when an earlier attempt had asked it. */
  ask(event: Unkeyed, answered: boolean, sessionMessage: Message): void {
    const stored = this.#body + 1 <= this.task.bodyEvents;
    this.emit(event, sessionMessage);
    if (this.#asks || answered) return;
    if (stored) this.writer.write(keyed(event, this.#key(`again:${this.#body}`)), 0, sessionMessage);
    this.#asks = true;
  }

  /** Emits an event that is not the body's: when it comes depends on others. */
  emitBeside(event: Unkeyed): void {
    if (!this.#ended && !this.#asks) this.writer.write(keyed(event, `beside:${newId()}`), 0);
  }

  /** The same for a question; false when another one was put before. */
  askBeside(event: Unkeyed, sessionMessage?: Message): boolean {
    if (this.#ended || this.#asks) return false;
    if (this.run.currentStep() !== undefined) {
      throw new TerminalError('task.call was made inside a step, and the child asks something; call it outside.');
    }
    this.writer.write(keyed(event, `beside:${newId()}`), 0, sessionMessage);
    this.#asks = true;
    return true;
  }

  /** Events that the body has emitted so far, in this run and in those that it replays. */
  get emitted(): number {
    return this.#body;
  }

  /** The last event; whatever the agent emits after it is refused. */
  end(event: Omit<NewStatus, 'key'>, sessionMessage?: Message): void {
    this.#ended = true;
    this.writer.end({ ...event, key: this.#key('end') }, sessionMessage);
  }

  /** The name of the message with which an attempt ends: one of its own, whatever was said before and by which code. */
  get endName(): string {
    return `${this.task.id}:end:${this.task.attempt}`;
  }

  /** Resolves when everything emitted so far is stored. */
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

  /** The same name for the n-th thing of a kind, in each run: in the body by its order, in a step by its order there. */
  name(kind: string): string {
    const scope = `${kind}:${this.run.currentStep() ?? 'body'}`;
    const count = (this.#named.get(scope) ?? 0) + 1;
    this.#named.set(scope, count);
    return `${this.task.id}:${scope}:${count}`;
  }

  /** The attempts of a task have keys of their own. */
  #key(key: string): string {
    return this.task.attempt === 1 ? key : `attempt:${this.task.attempt}:${key}`;
  }

  /** What a step said is stored before its result is: after a crash in between nobody would say it again. */
  async stepEnds(): Promise<void> {
    if (this.#unheard.has(this.run.currentStep() ?? -1)) await new Promise(() => undefined);
    if (this.#stepsSpeak) await this.writer.committed();
  }

  /** A step that begins (again) names its things from the start. */
  stepBegins(): void {
    const step = `:${this.run.currentStep() ?? 'body'}`;
    for (const scope of this.#named.keys()) if (scope.endsWith(step)) this.#named.delete(scope);
  }
}

function keyed(event: Unkeyed, key: string): NewEvent {
  return { ...event, key };
}
