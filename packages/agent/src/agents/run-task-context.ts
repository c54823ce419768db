/** A TaskContext on top of an engine's run and the event log. */
import type { Clock } from '../platform/clock.js';
import { crashPoint } from '../platform/crash-points.js';
import { cutToBytes, isNothing } from '../platform/text.js';
import { TerminalError } from '../platform/errors.js';
import { derivedId } from '../platform/ids.js';
import type { JournalRun } from '../runs/journal-run.js';
import type { OpenStep } from '../runs/lineage.js';
import { givenText } from '../runs/names.js';
import { hashOf } from '../runs/sayings.js';
import type { Log } from '../platform/log.js';
import { textOf, type Message } from '../sessions/message.js';
import type { MemoryStore } from '../memories/memory-store.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import { ANSWER, answerArtifactId } from '../tasks/answer-artifact.js';
import { DELEGATION_EXTENSION, INPUT_EXTENSION, type Artifact } from '../tasks/task.js';
import type { Progress } from '../tasks/task-event.js';
import { checkArtifact } from './artifact-input.js';
import { wishesIn } from './call-wishes.js';
import { ASKED_BY, contentOf, toParts, toQuestion } from './content.js';
import { RunFiles, type FindFile } from './run-files.js';
import { defaultAnswer, readAnswer, toInputRequest } from './input-request.js';
import type { OpenQuestion } from './open-question.js';
import type { Children } from './children.js';
import { RunChildren } from './run-children.js';
import type { RunEvents } from './run-events.js';
import { Published } from './published.js';
import type { Logging } from './run-logging.js';
import { RunProgress } from './run-progress.js';
import { runHistory } from './run-history.js';
import { runInbox, type InboxSource } from './run-inbox.js';
import { runMemory } from './run-memory.js';
import { runSession } from './run-session.js';
import { checkMs, type Waits } from './run-waits.js';
import type { StateMarks } from './state-marks.js';
import type {
  ArtifactInput,
  ArtifactStream,
  CallOptions,
  CallResult,
  ChildCall,
  Content,
  FileReference,
  InputAnswer,
  InputOptions,
  OpenedFile,
  ResultsOf,
  Say,
  StepContext,
  StepOptions,
  TaskContext,
  TaskInbox,
  TaskMemory,
  TaskSession,
} from './task-context.js';

/** A stage of the progress is a few words; of more than so many bytes the beginning is kept. */
const MOST_STAGE_BYTES = 4 * 1024;
/** So much of a question names it to people. */
const MOST_LABEL_BYTES = 120;

export interface RunServices {
  readonly sessions: Pick<SessionStore, 'history' | 'getState' | 'setState' | 'updateState'> | undefined;
  readonly marks: Pick<StateMarks, 'use'>;
  readonly memories: Pick<MemoryStore, 'search' | 'add' | 'forget'>;
  readonly children: Children;
  /** The messages that came while the task worked, behind the first `taken`. */
  readonly inbox: InboxSource;
  readonly clock: Clock;
  readonly findFile: FindFile;
  /** Ends the run: the task waits for a person. */
  readonly suspend: () => void;
  /** What the run waits for. */
  readonly waits: Waits;
  readonly runSignal: AbortSignal;
  /** The same as the agent is to hear it; made when the agent asks for it. */
  readonly agentSignal: () => AbortSignal;
  readonly log: Log;
  /** What the agent logs. */
  readonly logging: Logging;
}

export class RunTaskContext implements TaskContext {
  readonly id: string;
  readonly agent: string;
  readonly message: Message;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly acceptedOutputModes: readonly string[];
  readonly extensions: readonly string[];
  readonly text: string;
  readonly data: unknown;
  readonly files: Content['files'];
  readonly parts: Content['parts'];
  readonly session: TaskSession;
  readonly inbox: TaskInbox;
  readonly memory: TaskMemory;
  readonly log: Logging;
  readonly #progress: RunProgress;
  readonly #children: RunChildren;
  readonly #files: RunFiles;
  /** What this run has published, as far as it has done so anew. */
  readonly published = new Published();

  constructor(
    private readonly task: ClaimedTask,
    private readonly run: JournalRun,
    private readonly events: RunEvents,
    private readonly services: RunServices,
  ) {
    const content = contentOf(task.message.parts);
    this.log = services.logging;
    this.id = task.id;
    this.agent = task.agent;
    this.message = task.message;
    this.metadata = task.metadata;
    const { acceptedOutputModes, extensions } = wishesIn(task.metadata);
    this.acceptedOutputModes = acceptedOutputModes;
    this.extensions = extensions;
    this.text = content.text;
    this.data = content.data;
    this.files = content.files;
    this.parts = content.parts;
    this.session = runSession(task, {
      sessions: services.sessions,
      step: (name, work) => this.step(name, work),
      mark: (name) => services.marks.use(run.currentStep() ?? '', events.name(`update ${name}`)),
    });
    this.memory = runMemory(task, {
      memories: services.memories,
      stateless: this.session.stateless,
      clock: services.clock,
      step: (name, work) => this.step(name, work),
    });
    this.inbox = runInbox({
      run,
      source: services.inbox,
      clock: services.clock,
      signal: services.runSignal,
      waits: services.waits,
    });
    const { findFile, clock, runSignal: signal } = services;
    this.#files = new RunFiles({ find: (url) => findFile(task, url), clock, signal });
    this.#progress = new RunProgress(task.progress ?? 0);
    this.#children = new RunChildren({
      task,
      run,
      events,
      signal: services.runSignal,
      progress: this.#progress,
      calls: services.children,
      suspend: services.suspend,
      waits: services.waits,
      clock: services.clock,
    });
  }

  get signal(): AbortSignal {
    return this.services.agentSignal();
  }

  get idempotencyKey(): string {
    return this.#idempotencyKeyIn(this.run.openStep());
  }

  step<Result>(
    name: string,
    work: (step: StepContext) => Result | Promise<Result>,
    options: StepOptions = {},
  ): Promise<Result> {
    const isInside = this.run.currentStep() !== undefined;
    const once = async (): Promise<Result> => {
      const step = this.run.openStep();
      if (!isInside) this.events.stepBegins();
      const { services } = this;
      const keyIn = (): string => this.#idempotencyKeyIn(step);
      return work({
        get idempotencyKey() {
          return keyIn();
        },
        get signal() {
          const outer = services.agentSignal();
          return step?.attempt.hurried(outer) ?? outer;
        },
      });
    };
    return this.run.step(name, once, options);
  }

  branch<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    return this.run.branch(name, work);
  }

  patched(id: string): boolean {
    return this.run.patched(id);
  }

  async progress(fraction: number, said = ''): Promise<void> {
    if (!Number.isFinite(fraction)) throw new TypeError(`progress: expected a number from 0 to 1, got ${fraction}`);
    if (typeof said !== 'string') throw new TypeError(`progress: stage: expected text, got ${givenText(said)}`);
    const stage = isNothing(said) ? '' : cutToBytes(said, MOST_STAGE_BYTES);
    const progress: Progress = { fraction: this.#progress.report(fraction), stage };
    this.events.say('progress', [fraction, stage], (messageId) => {
      const spoken = stage === '' ? {} : { message: this.#message(messageId, [{ text: stage }]) };
      return { kind: 'statusUpdate', state: 'WORKING', progress, ...spoken };
    });
    await this.events.room();
  }

  async artifact(given: ArtifactInput & { readonly parts: Say }): Promise<string> {
    const input = checkArtifact('artifact', given);
    const parts = toParts(given.parts, 'artifact');
    // What has no name is known by what it is; in a step that runs again, by its order there.
    const unnamed = (): string => (this.run.currentStep() === undefined ? ` ${hashOf(parts)}` : '');
    const artifact = this.#toArtifact(input, parts, input.name === undefined ? unnamed() : ` named ${input.name}`);
    this.events.say('artifact', artifact, () => {
      return { kind: 'artifactUpdate', artifact, append: false, lastChunk: true };
    });
    this.published.add(artifact.artifactId, artifact.parts, false);
    await this.events.room();
    return artifact.artifactId;
  }

  stream(given: ArtifactInput = {}): ArtifactStream {
    const input = checkArtifact('stream', given);
    const first = this.#toArtifact(input, [], input.name === undefined ? '' : ` named ${input.name}`);
    const { artifactId } = first;
    const stream = this.events.stream(first);
    /** Half a character, when a chunk ended with one. */
    let half = '';
    let begun = false;
    let ended = false;
    const emit = (parts: Artifact['parts'], lastChunk: boolean, metadata?: Artifact['metadata']): void => {
      this.published.add(artifactId, parts, begun);
      begun = true;
      stream.write(parts, lastChunk, metadata);
    };
    return {
      artifactId,
      write: async (chunk) => {
        this.services.runSignal.throwIfAborted();
        if (ended) throw new TerminalError('stream.write was called behind stream.end; what has ended takes no more.');
        if (typeof chunk === 'string') {
          const text = half + chunk;
          half = /\p{Surrogate}$/u.test(text) ? text.slice(-1) : '';
          emit(toParts(text.slice(0, text.length - half.length)), false);
        } else emit(toParts(chunk, 'stream.write'), false);
        await this.events.room();
      },
      end: async ({ metadata } = {}) => {
        if (ended) return;
        const own = checkArtifact('stream.end', { metadata });
        ended = true;
        emit([{ text: half }], true, own.metadata);
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
    return this.#children.call({ agent, input, ...options }, { share });
  }

  callAll<const Calls extends readonly ChildCall[]>(
    calls: Calls,
    options: { readonly share?: number } = {},
  ): Promise<ResultsOf<Calls>> {
    return this.#children.callAll(calls, options) as Promise<ResultsOf<Calls>>;
  }

  async sleep(ms: number): Promise<void> {
    checkMs('sleep', ms);
    await this.run.sleep(ms, (at, held) => this.services.waits.until(at, held));
  }

  async #ask<Data>(
    state: 'INPUT_REQUIRED' | 'AUTH_REQUIRED',
    question: Say,
    options: InputOptions<Data>,
  ): Promise<InputAnswer<Data>> {
    const method = ASKED_BY[state];
    if (this.run.currentStep() !== undefined) {
      throw new TerminalError(`${method} was called inside a step; ask outside, then use the answer in a step.`);
    }
    const request = toInputRequest(method, options, this.services.clock.now());
    const parts = toQuestion(question, method);
    const { name = hashOf(parts) } = options;
    const label = options.name ?? cutToBytes(textOf(parts), MOST_LABEL_BYTES);
    return this.#asked({ state, name, label, request }, parts, options);
  }

  async #asked<Data>(
    {
      state,
      name,
      label,
      request,
    }: Pick<OpenQuestion, 'request' | 'state'> & { readonly name: string; readonly label: string },
    question: Artifact['parts'],
    options: InputOptions<Data>,
  ): Promise<InputAnswer<Data>> {
    for (let parts = question; ;) {
      const about = { name, label, fingerprint: ASKED_BY[state], input: parts };
      const answer = await this.run.question(about, ({ key, known, row }) => {
        const { extensions } = options;
        return this.#question({ state, messageId: key, parts, extensions, request, known, row });
      });
      if ('timedOut' in answer) return defaultAnswer(answer.question ?? '', options) as InputAnswer<Data>;
      const read = await readAnswer(answer, options);
      if ('answer' in read) return read.answer as InputAnswer<Data>;
      // JSON Schema can't say all that zod can: then the question is asked again, with the reason.
      parts = [...question, { text: read.refused }];
    }
  }

  /** Asks what nobody has answered yet; the run ends here. */
  async #question({ state, messageId, parts, extensions, request, known, row }: OpenQuestion): Promise<never> {
    const said = { ...this.#message(messageId, parts), ...(extensions === undefined ? {} : { extensions }) };
    const asks = Object.keys(request).length > 0;
    const message = asks ? { ...said, metadata: { ...said.metadata, [INPUT_EXTENSION]: request } } : said;
    const wakes = request.expiresAt === undefined ? {} : { wakesAt: request.expiresAt };
    const event = { kind: 'statusUpdate', state, message, inHistory: true, ...wakes } as const;
    if (this.events.ask(event, { known, message, row })) {
      await this.events.committed();
      crashPoint('input-asked');
      this.services.suspend();
    }
    return new Promise(() => undefined);
  }

  openFile(file: FileReference): Promise<OpenedFile> {
    return this.#files.open(file);
  }

  readFile(file: FileReference, options: { readonly maxBytes?: number } = {}): Promise<Uint8Array> {
    return this.#files.read(file, options.maxBytes);
  }

  history(options: { readonly limit?: number } = {}): Promise<readonly Message[]> {
    const { sessions, clock, log, runSignal: signal } = this.services;
    return runHistory(this.task, options, { sessions, clock, log, signal });
  }

  /** The agent's last one; `mark` goes into its metadata. */
  sayAtTheEnd(parts: Artifact['parts'], mark: NonNullable<Message['metadata']> = {}): Message {
    const message = this.#message(derivedId(this.events.endName), parts);
    return { ...message, metadata: { ...message.metadata, ...mark } };
  }

  /** What the agent returned, as an artifact. */
  answer(parts: Artifact['parts']): Artifact {
    return { artifactId: answerArtifactId(this.id), name: ANSWER, parts };
  }

  #idempotencyKeyIn(step: OpenStep | undefined): string {
    return derivedId(`${this.id}:step:${step?.identity ?? 'none'}`);
  }

  /** A message of the agent, in the name of this task. */
  #message(messageId: string, parts: Artifact['parts']): Message {
    return {
      messageId,
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

  #toArtifact(input: ArtifactInput, parts: Artifact['parts'], named: string): Artifact {
    const { artifactId = derivedId(this.events.name(`artifact${named}`)) } = input;
    const { name, description, metadata, extensions } = input;
    return {
      artifactId,
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(extensions === undefined ? {} : { extensions }),
      parts,
    };
  }
}
