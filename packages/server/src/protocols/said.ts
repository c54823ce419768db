/** What a turn says, step by step, read from the log: the same for every reader, whenever and on whichever instance it reads. */
import { answerOfTask } from '@continuo/agent/internal/agents/task-answer.js';
import { textOf, type Message, type Part } from '@continuo/agent/internal/sessions/message.js';
import { answerArtifactId } from '@continuo/agent/internal/tasks/answer-artifact.js';
import { progressOf, stateOf, type LogEvent, type Progress } from '@continuo/agent/internal/tasks/task-event.js';
import { isSettled, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Artifact, StreamResponse, TaskArtifactUpdate } from '@continuo/agent/internal/tasks/task.js';
import type { Caller } from '../platform/caller.js';
import type { TasksService } from '../tasks/tasks-service.js';
import { wholeResponse } from '../tasks/whole-event.js';
import { GrowingText, type Growth } from './growing-text.js';

/** One thing that was said; `seq`: the event of the log that says it. */
export type Said =
  /** More of the answer; `anew`: another text begins, of another artifact (null: of the status), or in the place of one that was broken off. */
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
  | Settled;

/** The last: the turn is over, as the task has ended or asks something with `message`. */
export interface Settled {
  readonly kind: 'settled';
  readonly seq: number;
  readonly state: TaskState;
  readonly message: Message | undefined;
}

export interface SaidParts {
  readonly tasks: TasksService;
  readonly caller: Caller;
  readonly taskId: string;
}

/**
 * Of the events of one turn. Texts that are no documents are `text`, as they come; where there is none of these, the texts of
 * the documents are the answer, when the task has completed. A function of the events alone: who reads them again gets the
 * same again, and may leave out what is known.
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
      if (text !== '') yield { kind: 'text', seq, artifactId: null, text, anew: true };
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
  readonly #artifacts = new Map<string, Growing>();
  readonly #returned: string;
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
    if (text !== '') yield this.#said({ kind: 'text', seq, artifactId: null, text, anew: true });
  }

  *#artifact({ artifact, append, lastChunk }: TaskArtifactUpdate, seq: number): Generator<Said, void> {
    const { artifactId, name, parts } = artifact;
    const known = this.#artifacts.get(artifactId);
    const isAnswer =
      append && known !== undefined ? known.isAnswer : artifactId === this.#returned || !isDocument(name);
    const growing = { text: known?.text ?? new GrowingText(), isAnswer, begun: known?.begun ?? false };
    if (known !== undefined && !append) growing.text.replace();
    this.#artifacts.set(artifactId, growing);
    const toSaid = ({ text, anew }: Growth): Said => {
      const begins = anew || !growing.begun;
      growing.begun = true;
      return this.#said({ kind: 'text', seq, artifactId, text, anew: begins });
    };
    for (const part of parts) {
      if (isAnswer && part.text !== undefined && part.filename === undefined) {
        const growth = growing.text.add(part.text);
        if (growth !== undefined) yield toSaid(growth);
      } else if (part.text !== '') yield { kind: 'part', seq, artifact, part };
    }
    const rest = lastChunk ? growing.text.end() : undefined;
    if (rest !== undefined) yield toSaid(rest);
    if (artifact.metadata !== undefined) yield { kind: 'about', seq, artifact };
  }

  #said(text: Said): Said {
    this.saidText = true;
    return text;
  }
}

interface Growing {
  readonly text: GrowingText;
  readonly isAnswer: boolean;
  begun: boolean;
}

/** Named as files are: `report.md`. */
function isDocument(name: string | undefined): boolean {
  return name !== undefined && /\.[a-z\d]{1,8}$/i.test(name);
}
