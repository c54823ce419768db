/** A TaskContext on top of an engine's run and the event log. */
import type { Run } from '../engine/run.js';
import type { Clock } from '../platform/clock.js';
import { crashPoint } from '../platform/crash-points.js';
import { cutToBytes } from '../platform/text.js';
import { messageOf, TerminalError } from '../platform/errors.js';
import { derivedId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';
import type { Message } from '../sessions/message.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import { isRelayed } from '../tasks/attempts.js';
import type { ClaimedTask } from '../tasks/claim-tasks.js';
import { DELEGATION_EXTENSION, INPUT_EXTENSION, type Artifact } from '../tasks/task.js';
import type { Progress } from '../tasks/task-event.js';
import { Published } from './answer.js';
import { contentOf, toParts } from './content.js';
import { defaultAnswer, readAnswer, toInputRequest, type InputRequest } from './input-request.js';
import type { ChildCalls } from './child-calls.js';
import { RunChildren } from './run-children.js';
import type { RunEvents } from './run-events.js';
import { RunProgress } from './run-progress.js';
import { runInbox } from './run-inbox.js';
import type {
  ArtifactInput,
  ArtifactStream,
  CallOptions,
  CallResult,
  ChildCall,
  Content,
  InputAnswer,
  InputOptions,
  Say,
  StepContext,
  StepOptions,
  TaskContext,
  TaskInbox,
  TaskSession,
} from './task-context.js';

const DEFAULT_HISTORY = 50;
/** Half the range of a date, so that adding it to the present stays inside. */
const MOST_SLEEP_MS = 4_000_000_000_000_000;
/** A stage of the progress is a few words; of more than so many bytes the beginning is kept. */
const MOST_STAGE_BYTES = 4 * 1024;

export interface RunServices {
  readonly sessions: SessionsService | undefined;
  readonly children: ChildCalls;
  /** The messages that came while the task worked, behind the first `taken`. */
  readonly inbox: (taken: number, most?: number) => Promise<readonly Message[]>;
  readonly clock: Clock;
  /** Ends the run: the task waits for a person. */
  readonly suspend: () => void;
  /** Resolves at that time, milliseconds since 1970, in this run or in a later one; `held`: in this one. */
  readonly sleepUntil: (at: number, held: boolean) => Promise<void>;
  /** The run's, as the agent is to hear it. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

export class RunTaskContext implements TaskContext {
  readonly id: string;
  readonly agent: string;
  readonly message: Message;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly data: unknown;
  readonly files: Content['files'];
  readonly parts: Content['parts'];
  readonly session: TaskSession;
  readonly inbox: TaskInbox;
  readonly signal: AbortSignal;
  readonly #progress: RunProgress;
  readonly #children: RunChildren;
  readonly #published = new Published();
  #asked = 0;
  #mark = 0;

  constructor(
    private readonly task: ClaimedTask,
    private readonly run: Run,
    private readonly events: RunEvents,
    private readonly services: RunServices,
  ) {
    const content = contentOf(task.message.parts);
    this.id = task.id;
    this.agent = task.agent;
    this.message = task.message;
    this.metadata = task.metadata;
    this.text = content.text;
    this.data = content.data;
    this.files = content.files;
    this.parts = content.parts;
    this.signal = services.signal;
    this.session = this.#session();
    this.inbox = runInbox(this, services.inbox, services.clock);
    this.#progress = new RunProgress(task.progress ?? 0);
    this.#children = new RunChildren(task, run.signal, events, this.#progress, services.children, services.suspend);
  }

  /** The text of all artifacts, in order: the answer of an agent that returns none. */
  get published(): string {
    return this.#published.text;
  }

  get idempotencyKey(): string {
    return derivedId(`${this.id}:step:${this.run.currentStep() ?? 'none'}`);
  }

  async step<Result>(
    name: string,
    work: (step: StepContext) => Result | Promise<Result>,
    options: StepOptions = {},
  ): Promise<Result> {
    const once = async (): Promise<Result> => {
      this.events.stepBegins();
      const result = await work({ idempotencyKey: this.idempotencyKey, signal: this.signal });
      await this.events.stepEnds();
      return result;
    };
    return this.#marked(() => this.run.step(name, once, options));
  }

  async progress(fraction: number, said = ''): Promise<void> {
    if (!Number.isFinite(fraction)) throw new TypeError(`progress: expected a number from 0 to 1, got ${fraction}`);
    const stage = cutToBytes(said, MOST_STAGE_BYTES);
    const progress: Progress = { fraction: this.#progress.report(fraction), stage };
    const spoken = stage === '' ? {} : { message: this.say([{ text: stage }]) };
    this.events.emit({ kind: 'statusUpdate', state: 'WORKING', progress, ...spoken });
    await this.events.room();
  }

  async artifact(input: ArtifactInput & { readonly parts: Say }): Promise<string> {
    const artifact = this.#toArtifact(input, toParts(input.parts));
    this.#published.add(artifact.parts);
    this.events.emit({ kind: 'artifactUpdate', artifact, append: false, lastChunk: true });
    await this.events.room();
    return artifact.artifactId;
  }

  stream(input: ArtifactInput = {}): ArtifactStream {
    const first = this.#toArtifact(input, []);
    const { artifactId } = first;
    let begun = false;
    /** Half a character, when a chunk ended with one. */
    let half = '';
    const emit = (parts: Artifact['parts'], lastChunk: boolean): void => {
      const artifact = begun ? { artifactId, parts } : { ...first, parts };
      this.#published.add(parts);
      this.events.emit({ kind: 'artifactUpdate', artifact, append: begun, lastChunk });
      begun = true;
    };
    return {
      artifactId,
      write: async (chunk) => {
        this.signal.throwIfAborted();
        if (typeof chunk === 'string') {
          const text = half + chunk;
          half = /\p{Surrogate}$/u.test(text) ? text.slice(-1) : '';
          emit(toParts(text.slice(0, text.length - half.length)), false);
        } else emit(toParts(chunk), false);
        await this.events.room();
      },
      end: async () => {
        emit([{ text: half }], true);
        await this.events.room();
      },
    };
  }

  requestInput<Data>(question: Say, options: InputOptions<Data> = {}): Promise<InputAnswer<Data>> {
    return this.#ask('INPUT_REQUIRED', question, options);
  }

  requestAuth<Data>(question: Say, options: InputOptions<Data> = {}): Promise<InputAnswer<Data>> {
    return this.#ask('AUTH_REQUIRED', question, options);
  }

  call(agent: string, input: Say, { share, ...options }: CallOptions = {}): Promise<CallResult> {
    return this.#marked(() => this.#children.call({ agent, input, ...options }, { share }));
  }

  callAll(calls: readonly ChildCall[], options: { readonly share?: number } = {}): Promise<readonly CallResult[]> {
    return this.#marked(() => this.#children.callAll(calls, options));
  }

  async sleep(ms: number): Promise<void> {
    if (!(ms < MOST_SLEEP_MS)) throw new TypeError(`sleep: expected a number of milliseconds, got ${ms}`);
    const held = this.run.currentStep() !== undefined;
    await this.#marked(async () => this.services.sleepUntil(await this.run.sleepsUntil(ms), held));
  }

  /** Body events before the last step, call or sleep began, or behind the last that succeeded. */
  get bodyEventsBefore(): number {
    return this.#mark;
  }

  async #marked<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.run.currentStep() !== undefined) return work();
    this.#mark = this.events.emitted;
    const result = await work();
    this.#mark = this.events.emitted;
    return result;
  }

  async #ask<Data>(
    state: 'INPUT_REQUIRED' | 'AUTH_REQUIRED',
    question: Say,
    options: InputOptions<Data>,
  ): Promise<InputAnswer<Data>> {
    if (this.run.currentStep() !== undefined) {
      throw new TerminalError('requestInput was called inside a step; ask outside, then use the answer in a step.');
    }
    const request = toInputRequest(options, this.services.clock.now());
    for (let parts = toParts(question); ;) {
      const answer = this.task.answers.filter((given) => !isRelayed(given))[this.#asked];
      this.#asked += 1;
      await this.#question(state, parts, request, answer !== undefined);
      // The answer was logged by whoever gave it; nothing of it is the body's.
      this.#mark = this.events.emitted;
      if (answer === undefined) throw new Error('A task without an answer goes on waiting.');
      if ('timedOut' in answer) return defaultAnswer(options) as InputAnswer<Data>;
      const read = await readAnswer(answer, options);
      if ('answer' in read) return read.answer as InputAnswer<Data>;
      // JSON Schema can't say all that zod can: then the question is asked again, with the reason.
      parts = [...toParts(question), { text: read.refused }];
    }
  }

  /** Resolves when the question has been answered before; else the run ends here. */
  async #question(
    state: 'INPUT_REQUIRED' | 'AUTH_REQUIRED',
    parts: Artifact['parts'],
    request: InputRequest,
    answered: boolean,
  ): Promise<void> {
    const said = this.say(parts);
    const asks = Object.keys(request).length > 0;
    const message = asks ? { ...said, metadata: { ...said.metadata, [INPUT_EXTENSION]: request } } : said;
    const wakes = request.expiresAt === undefined ? {} : { wakesAt: request.expiresAt };
    this.events.ask({ kind: 'statusUpdate', state, message, inHistory: true, ...wakes }, answered, message);
    if (answered) return;
    await this.events.committed();
    crashPoint('input-asked');
    this.services.suspend();
    await new Promise(() => undefined);
  }

  async history(options: { readonly limit?: number } = {}): Promise<readonly Message[]> {
    const { sessions, log } = this.services;
    if (sessions === undefined || this.session.stateless) return [];
    try {
      return await sessions.history(this.session.key, this.message.messageId, options.limit ?? DEFAULT_HISTORY);
    } catch (error) {
      log.warn(
        { err: messageOf(error), taskId: this.id },
        'the session could not be read; going on without its history',
      );
      return [];
    }
  }

  /** A message of the agent, in the name of this task. */
  say(parts: Artifact['parts']): Message {
    return this.#message(this.events.name(this.task.attempt === 1 ? 'message' : `message ${this.task.attempt}`), parts);
  }

  /** The agent's last one. */
  sayAtTheEnd(parts: Artifact['parts']): Message {
    return this.#message(this.events.endName, parts);
  }

  #message(name: string, parts: Artifact['parts']): Message {
    return {
      messageId: derivedId(name),
      contextId: this.task.contextId,
      taskId: this.id,
      role: 'ROLE_AGENT',
      parts,
      metadata: { agent: this.agent, run: this.task.runCount, ...this.#chosen() },
    };
  }

  /** Who sent the task here, and why. */
  #chosen(): Readonly<Record<string, unknown>> {
    const delegation = this.metadata[DELEGATION_EXTENSION];
    return delegation === undefined ? {} : { [DELEGATION_EXTENSION]: delegation };
  }

  #toArtifact(input: ArtifactInput, parts: Artifact['parts']): Artifact {
    const { artifactId = derivedId(this.events.name('artifact')), name, description, metadata } = input;
    return {
      artifactId,
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      ...(metadata === undefined ? {} : { metadata }),
      parts,
    };
  }

  #session(): TaskSession {
    const { sessions } = this.services;
    const key = this.task.sessionId;
    const stateless = key === null || sessions === undefined;
    const volatile = new Map<string, unknown>();
    return {
      id: this.task.contextId,
      key: key ?? '',
      stateless,
      state: stateless
        ? {
            get: async (name) => volatile.get(name),
            set: async (name, value) => {
              volatile.set(name, value);
            },
          }
        : {
            get: (name) => this.step(`state of ${name}`, () => sessions.getState(key, name)),
            set: (name, value) => this.step(`keep ${name}`, () => sessions.setState(key, name, value)),
          },
    };
  }
}
