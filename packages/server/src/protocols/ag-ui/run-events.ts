/** A turn as AG-UI's run: its events. A function of the log alone. */
import type { ClientCall } from '@continuo/agent/internal/agents/tools/client-tools.js';
import { textOf, type Message, type Part } from '@continuo/agent/internal/sessions/message.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { INPUT_EXTENSION, type Artifact } from '@continuo/agent/internal/tasks/task.js';
import { aboutAnswer } from '../about-answer.js';
import { failedTurn } from '../failed-turn.js';
import { fileAddress } from '../file-address.js';
import type { Said, Settled } from '../said.js';
import { interruptId } from './interrupt-id.js';

const PROTOCOL_VERSION = '1.0';

/** Which turn of which task is shown as which run. */
export interface Run {
  readonly threadId: string;
  readonly runId: string;
  readonly taskId: string;
  /** The number of the event with which the task got the message. */
  readonly seq: number;
  /** Below it are the task's artifacts. */
  readonly taskUrl: string;
}

export interface RunEvent {
  readonly type: string;
  readonly [name: string]: unknown;
}

/** What the ids of all messages of the run begin with. */
export function idPrefix({ taskId, seq }: Pick<Run, 'taskId' | 'seq'>): string {
  return `${taskId}-${seq}-`;
}

export class RunEvents {
  readonly #prefix: string;
  readonly #published = new Set<string>();
  #messages = 0;
  /** The message that is being written. */
  #open: string | undefined;
  /** The message that the calls before belong to. */
  #calling: string | undefined;
  #stage = '';

  constructor(private readonly run: Run) {
    this.#prefix = idPrefix(run);
  }

  /** The language model that wrote the answer, once it is known. */
  model: string | undefined;

  begin(): RunEvent {
    const { threadId, runId, taskId } = this.run;
    return { type: 'RUN_STARTED', threadId, runId, protocolVersion: PROTOCOL_VERSION, metadata: { taskId } };
  }

  /** The last of what was said is before `end`. */
  *of(said: Said): Generator<RunEvent, void> {
    switch (said.kind) {
      case 'text':
        yield* this.#text(said.text, said.anew);
        break;
      case 'progress':
        yield {
          type: 'ACTIVITY_SNAPSHOT',
          messageId: `${this.#prefix}progress`,
          activityType: 'PROGRESS',
          content: { ...said.progress },
        };
        if (said.progress.stage !== '') yield* this.#step(said.progress.stage);
        break;
      case 'call':
        yield* this.#calls([said]);
        break;
      case 'result':
        yield* this.#result(said);
        break;
      case 'part':
        yield* this.#artifact(said.artifact, said.part);
        break;
      case 'about':
        yield* this.#about(said.artifact);
        break;
      case 'settled':
        yield* this.#calls(said.calls);
        if (isQuestion(said)) yield* this.#text(textOf(said.message?.parts ?? []), true);
        yield* this.#close();
        yield* this.#step('');
    }
  }

  end(settled: Settled, usage: Readonly<Record<string, unknown>>): RunEvent {
    const { threadId, runId } = this.run;
    const spent = Object.keys(usage).length === 0 ? {} : { usage: [{ model: this.model, ...usage }] };
    const failed = failedTurn(settled);
    if (failed !== undefined && settled.state !== 'CANCELED') return { type: 'RUN_ERROR', ...failed, ...spent };
    return { type: 'RUN_FINISHED', threadId, runId, outcome: this.#outcome(settled), ...spent };
  }

  #outcome(settled: Settled) {
    if (settled.state === 'CANCELED') return { type: 'cancelled' };
    if (!isQuestion(settled)) return { type: 'success' };
    return { type: 'interrupt', interrupts: [this.#interrupt(settled)] };
  }

  #interrupt({ seq, state, message }: Settled) {
    const { schema, expiresAt } = askedFor(message);
    return {
      id: interruptId({ taskId: this.run.taskId, seq }),
      reason: state.toLowerCase(),
      message: textOf(message?.parts ?? []),
      ...(isObject(schema) ? { responseSchema: schema } : {}),
      ...(typeof expiresAt === 'string' ? { expiresAt } : {}),
    };
  }

  *#text(text: string, anew: boolean): Generator<RunEvent, void> {
    const isOpen = this.#open !== undefined;
    // What goes on behind a call of a tool begins a paragraph.
    const delta = anew || isOpen ? text : text.replace(/^\n+/, '');
    if (delta === '') return;
    if (anew || !isOpen) {
      yield* this.#close();
      this.#calling = undefined;
      this.#open = this.#nextId();
      yield { type: 'TEXT_MESSAGE_START', messageId: this.#open, role: 'assistant' };
    }
    yield { type: 'TEXT_MESSAGE_CONTENT', messageId: this.#open, delta };
  }

  /** Of the agent's own tools and of the client's. They belong to the message that was written right before, if one was. */
  *#calls(calls: readonly ClientCall[]): Generator<RunEvent, void> {
    if (calls.length === 0) return;
    const parentMessageId = this.#open ?? this.#calling ?? this.#nextId();
    yield* this.#close();
    this.#calling = parentMessageId;
    for (const { id: toolCallId, name: toolCallName, arguments: given } of calls) {
      yield { type: 'TOOL_CALL_START', toolCallId, toolCallName, parentMessageId };
      yield { type: 'TOOL_CALL_ARGS', toolCallId, delta: JSON.stringify(given) };
      yield { type: 'TOOL_CALL_END', toolCallId };
    }
  }

  *#result({ id: toolCallId, came }: Extract<Said, { readonly kind: 'result' }>): Generator<RunEvent, void> {
    yield* this.#close();
    this.#calling = undefined;
    const content =
      'error' in came ? came.error : typeof came.output === 'string' ? came.output : JSON.stringify(came.output);
    yield { type: 'TOOL_CALL_RESULT', messageId: this.#nextId(), toolCallId, role: 'tool', content };
  }

  /** What the agent says that it does is a step, until it says something else. */
  *#step(stage: string): Generator<RunEvent, void> {
    if (stage === this.#stage) return;
    if (this.#stage !== '') yield { type: 'STEP_FINISHED', stepName: this.#stage };
    this.#stage = stage;
    if (stage !== '') yield { type: 'STEP_STARTED', stepName: stage };
  }

  *#close(): Generator<RunEvent, void> {
    if (this.#open !== undefined) yield { type: 'TEXT_MESSAGE_END', messageId: this.#open };
    this.#open = undefined;
  }

  /** Data as they come; of files and documents once where they are. */
  *#artifact({ artifactId, name }: Artifact, part: Part): Generator<RunEvent, void> {
    const { data, filename, mediaType } = part;
    const named = { artifactId, name, filename, mediaType };
    if (data !== undefined) {
      yield { type: 'CUSTOM', name: 'artifact', value: { ...named, data } };
      return;
    }
    const address = fileAddress(part, artifactId, this.run.taskUrl);
    if (this.#published.has(address)) return;
    this.#published.add(address);
    yield { type: 'CUSTOM', name: 'artifact', value: { ...named, url: address } };
  }

  *#about(artifact: Artifact): Generator<RunEvent, void> {
    const { model, reasoning } = aboutAnswer(artifact);
    this.model = model ?? this.model;
    if (reasoning === undefined) return;
    const messageId = this.#nextId();
    yield { type: 'REASONING_START', messageId };
    yield { type: 'REASONING_MESSAGE_START', messageId, role: 'reasoning' };
    yield { type: 'REASONING_MESSAGE_CONTENT', messageId, delta: reasoning };
    yield { type: 'REASONING_MESSAGE_END', messageId };
    yield { type: 'REASONING_END', messageId };
  }

  #nextId(): string {
    this.#messages += 1;
    return `${this.#prefix}${this.#messages}`;
  }
}

/** To people. */
function isQuestion({ state, calls }: Settled): boolean {
  return calls.length === 0 && (state === 'INPUT_REQUIRED' || state === 'AUTH_REQUIRED');
}

function askedFor(message: Message | undefined): Readonly<Record<string, unknown>> {
  const asked = message?.metadata?.[INPUT_EXTENSION];
  return isObject(asked) ? asked : {};
}
