/** A turn as AI SDK's UI message stream: its chunks. A function of the log alone. */
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { textOf, type Part } from '@continuo/agent/internal/sessions/message.js';
import { INPUT_EXTENSION, type Artifact } from '@continuo/agent/internal/tasks/task.js';
import { aboutAnswer } from '../about-answer.js';
import { failedTurn } from '../failed-turn.js';
import { fileAddress } from '../file-address.js';
import type { Said, Settled } from '../said.js';

/** Which turn of which task is shown. */
export interface ShownTurn {
  readonly taskId: string;
  /** The number of the event with which the task got the message. */
  readonly seq: number;
  /** Below it are the task's artifacts. */
  readonly taskUrl: string;
}

export interface Chunk {
  readonly type: string;
  readonly [name: string]: unknown;
}

/** Of files whose agent doesn't say what they are. */
const ANY_TYPE = 'application/octet-stream';

/** Tools that the client doesn't know, and is not to run. */
const OWN = { dynamic: true, providerExecuted: true };

export class Chunks {
  readonly #published = new Set<string>();
  #parts = 0;
  /** The text that is being written. */
  #open: string | undefined;
  #model: string | undefined;

  constructor(private readonly turn: ShownTurn) {}

  begin(): Chunk {
    const { taskId, seq } = this.turn;
    return { type: 'start', messageId: `${taskId}-${seq}`, messageMetadata: { taskId } };
  }

  /** All but the last. */
  *of(said: Said): Generator<Chunk, void> {
    switch (said.kind) {
      case 'text':
        yield* this.#text(said.text, said.anew);
        break;
      case 'progress':
        yield { type: 'data-progress', id: 'progress', data: { ...said.progress } };
        break;
      case 'call':
        yield* this.#close();
        yield { type: 'tool-input-available', ...OWN, toolCallId: said.id, toolName: said.name, input: said.arguments };
        break;
      case 'result':
        yield* this.#close();
        yield 'error' in said.came
          ? { type: 'tool-output-error', toolCallId: said.id, errorText: said.came.error, ...OWN }
          : { type: 'tool-output-available', toolCallId: said.id, output: said.came.output, ...OWN };
        break;
      case 'part':
        yield* this.#artifact(said.artifact, said.part);
        break;
      case 'about':
        yield* this.#about(said.artifact);
        break;
      case 'settled':
        if (failedTurn(said) === undefined && said.state !== 'COMPLETED') yield* this.#question(said);
        yield* this.#close();
    }
  }

  end(settled: Settled, usage: Readonly<Record<string, unknown>> | undefined): Chunk {
    const { taskId } = this.turn;
    const failed = failedTurn(settled);
    if (failed === undefined) {
      return { type: 'finish', finishReason: 'stop', messageMetadata: { taskId, model: this.#model, usage } };
    }
    return settled.state === 'CANCELED'
      ? { type: 'abort', reason: failed.message }
      : { type: 'error', errorText: failed.message };
  }

  *#question({ message }: Settled): Generator<Chunk, void> {
    const text = textOf(message?.parts ?? []);
    yield* this.#text(text, true);
    const asked = message?.metadata?.[INPUT_EXTENSION];
    const data = { taskId: this.turn.taskId, message: text, ...(isObject(asked) ? asked : {}) };
    yield { type: 'data-question', id: `question-${this.#parts}`, data };
  }

  *#text(text: string, anew: boolean): Generator<Chunk, void> {
    const isOpen = this.#open !== undefined;
    // What goes on behind a call of a tool begins a paragraph.
    const delta = anew || isOpen ? text : text.replace(/^\n+/, '');
    if (delta === '') return;
    if (anew || !isOpen) {
      yield* this.#close();
      this.#open = this.#nextId();
      yield { type: 'text-start', id: this.#open };
    }
    yield { type: 'text-delta', id: this.#open, delta };
  }

  *#close(): Generator<Chunk, void> {
    if (this.#open !== undefined) yield { type: 'text-end', id: this.#open };
    this.#open = undefined;
  }

  /** Data as they come; files and documents once, by where they are. */
  *#artifact({ artifactId, name }: Artifact, part: Part): Generator<Chunk, void> {
    const { data, mediaType } = part;
    if (data !== undefined) {
      yield { type: 'data-artifact', data: { artifactId, name, data } };
      return;
    }
    const address = fileAddress(part, artifactId, this.turn.taskUrl);
    if (this.#published.has(address)) return;
    this.#published.add(address);
    yield { type: 'file', url: address, mediaType: mediaType ?? ANY_TYPE };
  }

  *#about(artifact: Artifact): Generator<Chunk, void> {
    const { model, reasoning } = aboutAnswer(artifact);
    this.#model = model ?? this.#model;
    if (reasoning === undefined) return;
    const id = this.#nextId();
    yield { type: 'reasoning-start', id };
    yield { type: 'reasoning-delta', id, delta: reasoning };
    yield { type: 'reasoning-end', id };
  }

  #nextId(): string {
    this.#parts += 1;
    return String(this.#parts);
  }
}
