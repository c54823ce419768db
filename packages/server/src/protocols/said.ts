/** What a turn says, step by step, read from the log: the same for every reader, whenever and on whichever instance it reads. */
import { answerOfTask, isElsewhere } from '@continuo/agent/internal/agents/task-answer.js';
import type { ClientCall } from '@continuo/agent/internal/agents/tools/client-tools.js';
import { textOf, type Message, type Part } from '@continuo/agent/internal/sessions/message.js';
import { answerArtifactId } from '@continuo/agent/internal/tasks/answer-artifact.js';
import { progressOf, stateOf, type LogEvent, type Progress } from '@continuo/agent/internal/tasks/task-event.js';
import { isSettled, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Artifact, StreamResponse, TaskArtifactUpdate } from '@continuo/agent/internal/tasks/task.js';
import type { Caller } from '../platform/caller.js';
import type { TasksService } from '../tasks/tasks-service.js';
import { wholeResponse } from '../tasks/whole-event.js';
import { callsOf } from './client-tools.js';
import { EarlierTurns } from './earlier-turns.js';
import { GrowingText, TextMemory, type Growth } from './growing-text.js';
import { ShownTools, type ShownTool } from './shown-tools.js';

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
  | ShownTool
  | Settled;

/** The last: the turn is over, as the task has ended or asks something with `message`. */
export interface Settled {
  readonly kind: 'settled';
  readonly seq: number;
  readonly state: TaskState;
  readonly message: Message | undefined;
  /** What the client is asked to run: then the message says nothing to people. */
  readonly calls: readonly ClientCall[];
}

export interface SaidParts {
  readonly tasks: TasksService;
  readonly caller: Caller;
  readonly taskId: string;
  /** The number of the event with which the task got the message. */
  readonly seq: number;
}

/**
 * Of the events of one turn. Texts that are no documents are `text`, as they come, without what an earlier turn of the task
 * has said of them; where there is none of these, the texts of the documents are the answer, when the task has completed. A
 * function of the log alone: who reads it again gets the same again, and may leave out what is known.
 */
export async function* said(
  { tasks, caller, taskId, seq: begins }: SaidParts,
  events: AsyncIterable<LogEvent>,
): AsyncGenerator<Said, void> {
  const reading = new Reading(taskId);
  const earlier = begins > 1 ? new EarlierTurns(tasks, taskId, begins) : undefined;
  for await (const event of events) {
    const { seq } = event;
    const response = event.large === true ? await wholeResponse(tasks, event) : event.response;
    if (earlier !== undefined && reading.recalls(response)) await reading.recall(earlier, response);
    // In an async generator yield* waits several times for each.
    for (const item of reading.of(response, seq)) yield item;
    const state = stateOf(response);
    if (state === undefined || !isSettled(state)) continue;
    const message = 'statusUpdate' in response ? response.statusUpdate.status.message : undefined;
    if (state === 'COMPLETED' && !reading.saidText) {
      const { text, elsewhere } = await documents(tasks, caller, taskId);
      if (text !== '') yield { kind: 'text', seq, artifactId: null, text, anew: true };
      for (const artifact of elsewhere) yield { kind: 'part', seq, artifact, part: { filename: artifact.name } };
    }
    yield { kind: 'settled', seq, state, message, calls: callsOf(taskId, { seq, message }) };
    return;
  }
}

/** The answer of a turn that said no text: other texts than those of documents are of earlier ones. */
async function documents(tasks: TasksService, caller: Caller, taskId: string) {
  const { task } = await tasks.get(caller, taskId, { historyLength: 0, artifacts: true });
  const all = task.artifacts ?? [];
  const artifacts = all
    .filter((artifact) => !isElsewhere(artifact))
    .map((artifact) =>
      isDocument(artifact.name) ? artifact : { ...artifact, parts: artifact.parts.filter((part) => !isSaid(part)) },
    );
  const answer = answerOfTask(taskId, { ...task, artifacts });
  return {
    text: textOf(answer.parts.filter(({ text }) => text !== undefined)),
    /** Those that are too large to be said. */
    elsewhere: all.filter((artifact) => isElsewhere(artifact) && isDocument(artifact.name)),
  };
}

class Reading {
  readonly #artifacts = new Map<string, Growing>();
  readonly #memory = new TextMemory();
  readonly #returned: string;
  readonly #tools: ShownTools;
  saidText = false;

  constructor(taskId: string) {
    this.#returned = answerArtifactId(taskId);
    this.#tools = new ShownTools(taskId);
  }

  /** Whether earlier turns may have said something of the same. */
  recalls(response: StreamResponse): boolean {
    if (!('artifactUpdate' in response)) return this.#tools.unknownCall(response) !== undefined;
    const { artifact, append } = response.artifactUpdate;
    const known = this.#artifacts.get(artifact.artifactId);
    if (known !== undefined) return !append && known.before !== undefined;
    return append || this.#isAnswer(artifact);
  }

  /** What they have said of it: its text goes on with one of its own in this turn. */
  async recall(earlier: EarlierTurns, response: StreamResponse): Promise<void> {
    const call = this.#tools.unknownCall(response);
    const told = call === undefined ? undefined : await earlier.call(call);
    if (told !== undefined) this.#tools.recall(told);
    if (!('artifactUpdate' in response)) return;
    const { artifact, append } = response.artifactUpdate;
    const { artifactId } = artifact;
    const growing = this.#artifacts.get(artifactId) ?? (await this.#recallArtifact(earlier, artifactId));
    if (append || growing?.before === undefined) return;
    // It begins anew, and is compared with all that was said.
    const text = new GrowingText(this.#memory);
    await earlier.addText(text, artifactId, growing.before);
    growing.text.goOnFrom(text);
    growing.before = undefined;
  }

  async #recallArtifact(earlier: EarlierTurns, artifactId: string): Promise<Growing | undefined> {
    const found = await earlier.artifact(artifactId);
    if (found === undefined) return undefined;
    const { begins, name } = found;
    const isAnswer = this.#isAnswer({ artifactId, name });
    const text = new GrowingText(this.#memory);
    const growing = { text, isAnswer, begun: false, goesOn: isAnswer, before: isAnswer ? begins : undefined };
    this.#artifacts.set(artifactId, growing);
    return growing;
  }

  #isAnswer({ artifactId, name }: { readonly artifactId: string; readonly name?: string | null | undefined }): boolean {
    return artifactId === this.#returned || !isDocument(name);
  }

  *of(response: StreamResponse, seq: number): Generator<Said, void> {
    if ('artifactUpdate' in response) {
      yield* this.#artifact(response.artifactUpdate, seq);
      return;
    }
    const progress = progressOf(response);
    if (progress !== undefined) yield { kind: 'progress', seq, progress };
    yield* this.#tools.of(response, seq);
    if (stateOf(response) !== 'COMPLETED' || !('statusUpdate' in response)) return;
    const text = textOf(response.statusUpdate.status.message?.parts ?? []);
    if (text !== '') yield this.#said({ kind: 'text', seq, artifactId: null, text, anew: true });
  }

  *#artifact({ artifact, append, lastChunk }: TaskArtifactUpdate, seq: number): Generator<Said, void> {
    const { artifactId, parts } = artifact;
    const known = this.#artifacts.get(artifactId);
    const isAnswer = append && known !== undefined ? known.isAnswer : this.#isAnswer(artifact);
    const text = known?.text ?? new GrowingText(this.#memory);
    const growing = { begun: false, goesOn: false, before: undefined, ...known, text, isAnswer };
    if (known !== undefined && !append) growing.text.replace();
    this.#artifacts.set(artifactId, growing);
    for (const part of parts) {
      if (isAnswer && isSaid(part)) {
        yield* this.#grown(growing, growing.text.add(part.text), { artifactId, seq });
      } else if (part.text !== '') yield { kind: 'part', seq, artifact, part };
    }
    if (lastChunk) yield* this.#grown(growing, growing.text.end(), { artifactId, seq });
    if (artifact.metadata !== undefined) yield { kind: 'about', seq, artifact };
  }

  *#grown(
    growing: Growing,
    growth: Growth | undefined,
    place: { readonly artifactId: string; readonly seq: number },
  ): Generator<Said, void> {
    if (growth === undefined) return;
    // Between what an earlier turn has said and this one stands a break.
    const text = growing.goesOn && !growth.anew ? growth.text.replace(/^\n+/, '') : growth.text;
    if (text === '') return;
    const anew = growth.anew || !growing.begun;
    Object.assign(growing, { begun: true, goesOn: false });
    yield this.#said({ kind: 'text', ...place, text, anew });
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
  /** An earlier turn has said the beginning. */
  goesOn: boolean;
  /** Where in the log it begins, as long as what earlier turns have said of it isn't in `text`. */
  before: number | undefined;
}

/** In an artifact that is no document. */
function isSaid(part: Part): part is Part & { readonly text: string } {
  return part.text !== undefined && part.filename === undefined;
}

/** Named as files are: `report.md`. */
function isDocument(name: string | null | undefined): boolean {
  return typeof name === 'string' && /\.[a-z\d]{1,8}$/i.test(name);
}
