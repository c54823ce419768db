/** What a turn says, step by step, read from the log: the same for every reader, whenever and on whichever instance it reads. */
import { answerOfTask } from '@continuo/agent/internal/agents/task-answer.js';
import { textOf, type Message, type Part } from '@continuo/agent/internal/sessions/message.js';
import { ANSWER, answerArtifactId } from '@continuo/agent/internal/tasks/answer-artifact.js';
import { progressOf, stateOf, type LogEvent, type Progress } from '@continuo/agent/internal/tasks/task-event.js';
import { isSettled, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Artifact, StreamResponse, TaskArtifactUpdate } from '@continuo/agent/internal/tasks/task.js';
import type { Caller } from '../platform/caller.js';
import type { TasksService } from '../tasks/tasks-service.js';
import { wholeResponse } from '../tasks/whole-event.js';
import { GrowingText } from './growing-text.js';

/** One thing that was said; `seq`: the event of the log that says it. */
export type Said =
  /** More of the answer; `anew`: what was said before of this artifact (null: of the status) doesn't count any more. */
  | {
      readonly kind: 'text';
      readonly seq: number;
      readonly artifactId: string | null;
      readonly text: string;
      readonly anew: boolean;
    }
  /** Data or a file, or the text of a document that isn't the answer. */
  | { readonly kind: 'part'; readonly seq: number; readonly artifact: Artifact; readonly part: Part }
  | { readonly kind: 'progress'; readonly seq: number; readonly progress: Progress }
  /** The metadata that an artifact has now: model, usage, reasoning. */
  | { readonly kind: 'about'; readonly seq: number; readonly artifact: Artifact }
  /** The last: the turn is over, as the task has ended or asks something with `message`. */
  | {
      readonly kind: 'settled';
      readonly seq: number;
      readonly state: TaskState;
      readonly message: Message | undefined;
    };

export interface SaidParts {
  readonly tasks: TasksService;
  readonly caller: Caller;
  readonly taskId: string;
}

/**
 * Of the events of one turn. What was returned, streamed as an answer or said with the end is `text`; where there is nothing
 * of that, the texts of the other artifacts are the answer, when the task has completed. A function of the events alone: who
 * reads them again gets the same again, and may leave out what is known.
 */
export async function* said(
  { tasks, caller, taskId }: SaidParts,
  events: AsyncIterable<LogEvent>,
): AsyncGenerator<Said, void> {
  const reading = new Reading(taskId);
  for await (const event of events) {
    const { seq } = event;
    const response = await wholeResponse(tasks, event);
    yield* reading.of(response, seq);
    const state = stateOf(response);
    if (state === undefined || !isSettled(state)) continue;
    const message = 'statusUpdate' in response ? response.statusUpdate.status.message : undefined;
    if (state === 'COMPLETED' && !reading.saidText) {
      const text = await answerText(tasks, caller, taskId);
      if (text !== '') yield { kind: 'text', seq, artifactId: null, text, anew: false };
    }
    yield { kind: 'settled', seq, state, message };
    return;
  }
}

async function answerText(tasks: TasksService, caller: Caller, taskId: string): Promise<string> {
  const { task } = await tasks.get(caller, taskId, { historyLength: 0, artifacts: true });
  return textOf(answerOfTask(taskId, task).parts.filter(({ text }) => text !== undefined));
}

class Reading {
  readonly #texts = new Map<string, GrowingText>();
  readonly #returned: string;
  readonly #names = new Map<string, string | undefined>();
  saidText = false;

  constructor(taskId: string) {
    this.#returned = answerArtifactId(taskId);
  }

  *of(response: StreamResponse, seq: number): Generator<Said, void> {
    if ('artifactUpdate' in response) {
      yield* this.#artifact(response.artifactUpdate, seq);
      return;
    }
    const progress = progressOf(response);
    if (progress !== undefined) yield { kind: 'progress', seq, progress };
    if (stateOf(response) !== 'COMPLETED' || !('statusUpdate' in response)) return;
    const text = textOf(response.statusUpdate.status.message?.parts ?? []);
    if (text !== '') yield this.#said({ kind: 'text', seq, artifactId: null, text, anew: false });
  }

  *#artifact({ artifact, append, lastChunk }: TaskArtifactUpdate, seq: number): Generator<Said, void> {
    const { artifactId, parts } = artifact;
    if (!append) this.#names.set(artifactId, artifact.name);
    const isAnswer = artifactId === this.#returned || this.#names.get(artifactId) === ANSWER;
    const growing = this.#texts.get(artifactId) ?? new GrowingText();
    if (!append && this.#texts.has(artifactId)) growing.replace();
    this.#texts.set(artifactId, growing);
    for (const part of parts) {
      if (!isAnswer || part.text === undefined) {
        if (part.text !== '') yield { kind: 'part', seq, artifact, part };
        continue;
      }
      const growth = growing.add(part.text);
      if (growth !== undefined) yield this.#said({ kind: 'text', seq, artifactId, ...growth });
    }
    const rest = lastChunk ? growing.end() : undefined;
    if (rest !== undefined) yield this.#said({ kind: 'text', seq, artifactId, ...rest });
    if (artifact.metadata !== undefined) yield { kind: 'about', seq, artifact };
  }

  #said(text: Said): Said {
    this.saidText = true;
    return text;
  }
}
