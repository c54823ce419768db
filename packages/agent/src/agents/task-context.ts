/** What an agent sees of its task: the contract, apart from its implementation. */
import type { z } from 'zod';
import type { Message, Part } from '../sessions/message.js';
import type { Memory, MemoryKind } from '../memories/memory.js';
import type { Artifact } from '../tasks/task.js';
import type { StepOptions } from '../runs/run.js';
import type { TaskLog } from '../tasks/agent-log.js';

export type { Memory, MemoryKind, MemorySource } from '../memories/memory.js';
export type { StepOptions } from '../runs/run.js';

/** A file that came with a message: inline (base64 in `raw`) or by reference (`url`). */
export interface TaskFile {
  readonly name: string;
  readonly mediaType: string;
  readonly raw?: string;
  readonly url?: string;
}

/** What names a file: its address, or a part or file that has it, or that holds the content as base64. */
export type FileReference = string | Pick<TaskFile, 'raw' | 'url'> | Part | undefined;

/** A file that an agent reads, inline or uploaded to this server. */
export interface OpenedFile {
  /** Empty where nobody has given it one. */
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /**
   * The bytes from `start` up to `end`, which isn't included; by default all. It holds a few hundred KiB, however slowly it
   * is read; while the storage is away it waits. It errors when the file is deleted meanwhile, and when the run ends.
   */
  readonly stream: (range?: { readonly start?: number; readonly end?: number }) => ReadableStream<Uint8Array>;
}

/** A message taken apart. */
export interface Content {
  /** The text of all text parts, one per line. */
  readonly text: string;
  /** The value of the first data part; undefined when there is none. */
  readonly data: unknown;
  readonly files: readonly TaskFile[];
  readonly parts: readonly Part[];
}

/** A JSON Schema, draft 2020-12, as a plain object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** How a question is asked, and what its answer must be. */
export interface InputOptions<Data = unknown> {
  /**
   * What the answer belongs to: a question of this name may be worded anew while it waits. Default: its words, so that an
   * answer never counts for another question.
   */
  readonly name?: string | undefined;
  /**
   * What the answer must be: its data part, or its text where the schema takes text. Clients find it in the question's
   * metadata, as JSON Schema; an answer that doesn't fit is refused, and the task goes on waiting.
   */
  readonly schema?: z.ZodType<Data> | JsonSchema | undefined;
  /**
   * The schema is another server's, which checks the answer as well: its patterns and formats are left to that server, as
   * one may be written so that it takes for ever. Default: false.
   */
  readonly foreign?: boolean | undefined;
  /** The URIs of the extensions of A2A that the question makes use of. */
  readonly extensions?: readonly string[] | undefined;
  /** Milliseconds that people have for the answer, restarts included. Default: for ever. */
  readonly timeoutMs?: number | undefined;
  /** The answer when nobody gave one in time: text, or data. Without it, TerminalError is thrown then. */
  readonly default?: NoInfer<Data>;
}

export interface InputAnswer<Data = unknown> extends Content {
  /** The whole message: its id, metadata, extensions and referenceTaskIds. Undefined when nobody answered in time. */
  readonly message?: Message;
  /** Checked and, with zod, parsed; without a schema the value of the first data part. */
  readonly data: Data;
  /** Nobody answered in time: this is the default. */
  readonly timedOut: boolean;
}

/** What can be said: text, or parts as A2A writes them. */
export type Say = string | readonly Part[];

/** What an artifact is called and carries beside its parts. */
export interface ArtifactInput {
  /** 1 to 500 characters; default: derived from the task. The same id again replaces what the artifact held before. */
  readonly artifactId?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** The URIs of the extensions of A2A that it makes use of. */
  readonly extensions?: readonly string[] | undefined;
}

/**
 * An artifact that is published in chunks, such as text while a model still writes it. Clients see each chunk as it
 * is stored.
 */
export interface ArtifactStream {
  readonly artifactId: string;
  /**
   * Adds a chunk, which may be empty text; resolves as soon as there is room for the next, which is at once unless storing
   * can't keep up.
   */
  write(chunk: Say): Promise<void>;
  /**
   * Says that the artifact is complete: a `write` behind it throws TerminalError, another `end` does nothing. `metadata`,
   * known only now, comes in the place of the artifact's.
   */
  end(options?: { readonly metadata?: Readonly<Record<string, unknown>> }): Promise<void>;
}

/**
 * What becomes of a task whose child fails, is rejected or cancelled: it fails, too; it gets the result with `error` set;
 * or the child is retried so many times, from its failed step, before the task fails.
 */
export type FailurePolicy = 'fail' | 'ignore' | { readonly retries: number };

/** How another agent is called: in which session, how long it may take, and what becomes of this task when it fails. */
export interface CallOptions {
  /** Whether the child shares this task's session. Default true. */
  readonly sameSession?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Default `fail`. */
  readonly onFailure?: FailurePolicy | undefined;
  /** How much of this task's progress the child makes up, from 0 to 1. Default: half of what is left. */
  readonly share?: number | undefined;
  /** Tokens of language models that the child may take with all that it calls; its agent may allow less. Default: any. */
  readonly maxTokens?: number | undefined;
  /** US dollars, the same. */
  readonly maxCost?: number | undefined;
}

/** One of several children. */
export interface ChildCall extends Omit<CallOptions, 'share'> {
  readonly agent: string;
  readonly input: Say;
  /** How much of the progress of all of them is this one's. Default 1. */
  readonly weight?: number | undefined;
}

/**
 * How a child task ended. Its content is what the child returned, else the text of its artifacts; with the data and files
 * of its artifacts.
 */
export interface CallResult extends Content {
  /** The child's; empty where there is no such agent, and so no child: only with `onFailure: 'ignore'`. */
  readonly taskId: string;
  /** Those that the child has published itself. One whose content is too large beside what else was called has no parts, and the address of its content in its metadata. */
  readonly artifacts: readonly Artifact[];
  /** Why it did not complete; only with `onFailure: 'ignore'`. */
  readonly error?: string;
}

/** One for each of several calls: of a list that is written out, its members are known to be there. */
export type ResultsOf<Calls extends readonly ChildCall[]> = { readonly [Index in keyof Calls]: CallResult };

/**
 * Values that the agents of a session keep between tasks: JSON, by key, a million bytes in all. Each call is a durable step:
 * when the task goes on after a crash, it gives what it gave before and changes nothing again. Each fails as a step does:
 * StepFailedError while the store is away, TerminalError for a value that is too large or no JSON. Characters that JSON in
 * PostgreSQL can't hold become U+FFFD. Stateless, values last as long as the run.
 */
export interface SessionState {
  /** Undefined when nothing stands there. */
  get(key: string): Promise<unknown>;
  /** Whatever stands there by now; to change what stands there, `update`. Undefined removes the key. */
  set(key: string, value: unknown): Promise<void>;
  /**
   * Puts what `change` makes of the value in its place, and gives it back; undefined and null remove the key. Atomic: of tasks that
   * change a key at the same moment, on whichever instances, each is handed what the one before it has left. After a crash
   * it happens neither twice nor not at all, and gives back the same, whatever others have made of the value since.
   *
   * `change` may be called several times, until nobody has come between: let it be quick, and nothing but a function of
   * the value. What takes time or has an effect belongs into a step before. It is not asynchronous: TerminalError for a
   * promise, INVALID_ARGUMENT for a key that isn't text of 1 to 240 characters and for anything but a function.
   *
   * @example
   * const count = await task.session.state.update<number>('greeted', (n = 0) => n + 1);
   */
  update<Value = unknown, Next = Value>(key: string, change: (value: Value | undefined) => Next): Promise<Next>;
}

/** The session that a task is in, as its agent sees it. */
export interface TaskSession {
  /** A2A's contextId. */
  readonly id: string;
  /** What SessionsService knows it by. */
  readonly key: string;
  /** True when nothing is remembered: the call opted out, or there is no session store. */
  readonly stateless: boolean;
  readonly state: SessionState;
}

/**
 * What this agent keeps of the user whose task it is, across their sessions. Each operation is a step: done once, and its
 * result kept, however often the task goes on after a crash. Nobody else's memories, and no other agent's, are found, changed
 * or forgotten. Stateless: nothing is found, and nothing is kept.
 *
 * @example
 * const [size] = await task.memory.search('shoe size', { limit: 1 });
 * if (size === undefined) await task.memory.add(`Wears shoes of size ${order.size}.`);
 */
export interface TaskMemory {
  /**
   * The memories that answer to `query` best, best first, `limit` of them (1 to 100, default 10): those that have any of its
   * words, or that mean the like where vectors are used. Without any word in it: those that were changed last.
   */
  search(query: string, options?: { readonly limit?: number }): Promise<readonly Memory[]>;
  /**
   * Keeps a text of 1 to 2,000 characters, with this task's session and message as its source: it goes when the session is
   * deleted. One in the same words is kept once. Default kind: `fact`. Throws INVALID_ARGUMENT, and TerminalError when 5,000
   * are kept already.
   */
  add(text: string, options?: { readonly kind?: MemoryKind }): Promise<Memory>;
  /** False when there is none with this id. */
  forget(id: string): Promise<boolean>;
}

/** Messages that are sent to the task while it works. Each is taken once, also when the task goes on after a crash. */
export interface TaskInbox {
  /** What has come since the last time; empty when nothing has. */
  take(): Promise<readonly Content[]>;
  /**
   * The next message; undefined when none has come within `timeoutMs` (default: it waits for ever). Throws TypeError for
   * anything but a number that a date can be away.
   */
  wait(options?: { readonly timeoutMs?: number }): Promise<Content | undefined>;
}

/** What the work of a step is handed: a key for requests that must not be made twice, and a signal. */
export interface StepContext {
  /** That of the task, in this step. */
  readonly idempotencyKey: string;
  /** Aborted when the task is cancelled, when the step runs out of time and when the server shuts down. */
  readonly signal: AbortSignal;
}

/**
 * What an agent says of its task is stored in the order in which it says it, a moment later and before the task can end;
 * it needs no waiting for, but for the room that `await` gives it. After a crash the agent's code runs again from its
 * beginning: what had been stored is not stored twice, what had not been is said again.
 */
export interface TaskContext extends Content {
  readonly id: string;
  /** `type/name` of the agent that runs it. */
  readonly agent: string;
  readonly message: Message;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The media types that the caller can make use of, by preference; empty when the call didn't say. */
  readonly acceptedOutputModes: readonly string[];
  /** The URIs of the extensions on the agent's card that the call asked for. */
  readonly extensions: readonly string[];
  readonly session: TaskSession;
  readonly inbox: TaskInbox;
  readonly memory: TaskMemory;
  /** For whoever wants to know what the agent does: in the server's log, and kept with the task. */
  readonly log: TaskLog;
  /**
   * The same for every attempt, also after a crash, and another one in each step: hand it to services that take
   * idempotency keys, so that what was in flight when a process died takes effect once.
   */
  readonly idempotencyKey: string;
  /** Aborted on cancel and on shutdown. */
  readonly signal: AbortSignal;

  /**
   * Runs `work` once and keeps its result (JSON): when the task goes on after a crash, it gets the result and doesn't
   * run again. When the process dies inside, `work` runs again. An error is retried as `options` say, a TerminalError
   * isn't. A date comes back as the text that JSON makes of it, from the first run on. Throws StepFailedError, and
   * TerminalError for what JSON can't hold (a function, a big integer).
   */
  step<Result>(
    name: string,
    work: (step: StepContext) => Result | Promise<Result>,
    options?: StepOptions,
  ): Promise<Result>;
  /**
   * Runs `work` in a scope of its own, in which the names of steps, questions and artifacts count anew: for work side by
   * side in which names repeat. It needs no name that is unique, but the same in every run; two of one name are numbered
   * in the order in which they begin.
   *
   * @example
   * await Promise.all(files.map((file) => task.branch(file.name, () => convert(task, file))));
   */
  branch<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /**
   * Lets changed code go a new way without harming tasks that are under way: true for tasks that come by here for the
   * first time, in this run and in all that follow; false for those that had got further when the code was changed. What it
   * answers is kept with the task. Take the old way out, and then the call itself, once no task is left that needs it.
   *
   * @example
   * if (task.patched('check the limit first')) await task.step('check the limit', () => check(order));
   */
  patched(id: string): boolean;
  /**
   * Reports how far the task is: `fraction` from 0 to 1, which never goes back, and what it is doing; a `stage` in which
   * there is nothing to read is none.
   */
  progress(fraction: number, stage?: string): Promise<void>;
  /** Publishes an artifact as a whole; answers with its id. It may be empty (`parts: ''`), but not without a part. */
  artifact(artifact: ArtifactInput & { readonly parts: Say }): Promise<string>;
  /** Publishes an artifact chunk by chunk. */
  stream(artifact?: ArtifactInput): ArtifactStream;
  /**
   * Asks the user and waits for the answer; the wait survives restarts and costs nothing. The run ends here, without its
   * `finally` blocks, and begins again with the answer: free before what must not be held meanwhile.
   *
   * @throws TerminalError for a question in which there is nothing to read, inside a step, and when nobody has answered
   * in time and there is no `default`.
   */
  requestInput<Data = unknown>(question: Say, options?: InputOptions<Data>): Promise<InputAnswer<Data>>;
  /** The same for credentials or a permission: the task is AUTH_REQUIRED meanwhile. */
  requestAuth<Data = unknown>(question: Say, options?: InputOptions<Data>): Promise<InputAnswer<Data>>;
  /**
   * Starts a child task of another agent and waits for its end. What the child asks, this task asks, and passes the
   * answer on; its progress is part of this one's. Throws TerminalError when it fails or is cancelled.
   */
  call(agent: string, input: Say, options?: CallOptions): Promise<CallResult>;
  /**
   * The same for several at once; answers in the order of `calls`. `share` is theirs together; by default all that is
   * left. When one fails by its policy, the others are cancelled.
   */
  callAll<const Calls extends readonly ChildCall[]>(
    calls: Calls,
    options?: { readonly share?: number },
  ): Promise<ResultsOf<Calls>>;
  /**
   * Waits `ms` milliseconds in all, however often the server is restarted meanwhile; 0 and less not at all. It doesn't
   * count into the task's time limit, and a long one (beyond a few seconds, with nothing but other waits beside it) holds no
   * run: the task stays WORKING, and the code before it runs again when the time is over; `finally` blocks around it don't
   * run when it begins. Throws TypeError for anything but a number that a date can be away.
   *
   * @example
   * await task.sleep(7 * 24 * 60 * 60 * 1000);
   * await task.step('remind', () => mail.remind(task.data));
   */
  sleep(ms: number): Promise<void>;
  /**
   * A file to be read as a stream: one of `files` or `parts`, of this message or of any other. What never changes needs no
   * step: after a crash the same bytes are there. Throws TerminalError for a file that doesn't exist (any more) or isn't
   * this owner's, and for an address of another server, which is not fetched.
   *
   * @example
   * for (const each of task.files) {
   *   const file = await task.openFile(each);
   *   for await (const chunk of file.stream()) hash.update(chunk);
   * }
   */
  openFile(file: FileReference): Promise<OpenedFile>;
  /**
   * The whole content of a file. Throws TerminalError for one of more than `maxBytes` (default 10 MiB), and what `openFile`
   * does.
   */
  readFile(file: FileReference, options?: { readonly maxBytes?: number }): Promise<Uint8Array>;
  /**
   * The session's messages before this task's, oldest first; the last `limit` of them (default 50), and no more than the
   * newest 16 MiB. Stateless: none. Throws TypeError for a `limit` that is neither a whole number of at least 0 nor Infinity.
   */
  history(options?: { readonly limit?: number }): Promise<readonly Message[]>;
}
