/** One task in memory: its log, its journal and what it is given, as a run finds them. */
import type { RunTasks } from '../agents/run-tasks.js';
import { ContinuoError } from '../platform/errors.js';
import type { JournalEntry } from '../runs/journal-entry.js';
import type { JournalRow } from '../runs/journal-row.js';
import type { Message } from '../sessions/message.js';
import { toAnswer, type Answer } from '../tasks/answers.js';
import type { Claim, ClaimedTask, Parking } from '../tasks/claimed-task.js';
import { foldArtifacts, howFarAfter, JUST_OPENED, type HowFar } from '../tasks/fold.js';
import type { RunAppend, RunLog, RunRecords } from '../tasks/run-log.js';
import type { StoredSayings } from '../tasks/stored-sayings.js';
import type { Artifact, Task, TaskArtifactUpdate, TaskFailure, TaskStatus } from '../tasks/task.js';
import type { TaskWait } from '../tasks/task-wait.js';
import { toEventRow, toStreamResponse, type NewEvent, type Progress } from '../tasks/task-event.js';
import { fromWireState, isTerminal, isWaiting, type TaskState } from '../tasks/task-state.js';
import type { LogBatch } from '../tasks/agent-log.js';
import { MemoryLog } from './memory-log.js';
import type { MemorySessions } from './memory-sessions.js';

/** What it is opened with. */
export type OpenedTask = Pick<
  ClaimedTask,
  'id' | 'agent' | 'agentVersion' | 'contextId' | 'sessionId' | 'message' | 'metadata'
>;

export class MemoryTask implements RunLog, RunTasks {
  readonly #journal = new Map<string, JournalRow>();
  readonly #keys: string[] = [];
  readonly #chunks: TaskArtifactUpdate[] = [];
  readonly #answers: Answer[] = [];
  /** What its agent has logged. */
  logged = new MemoryLog();
  readonly progress: Progress[] = [];
  readonly history: Message[];
  #howFar: HowFar = JUST_OPENED;
  #status: TaskStatus;
  #token: string | undefined;
  #runSeq = 0;
  #runs = 0;
  failure: TaskFailure | undefined;
  parking: Parking | undefined;
  /** Until when the question may be answered. */
  answerBy: number | undefined;

  constructor(
    readonly opened: OpenedTask,
    readonly sessions: MemorySessions,
    readonly inboxed: readonly Message[],
    at: string,
  ) {
    this.history = [opened.message];
    this.#status = { state: 'TASK_STATE_SUBMITTED', timestamp: at };
  }

  get state(): TaskState {
    return fromWireState(this.#status.state) ?? 'WORKING';
  }

  get held(): HowFar['held'] {
    return this.#howFar.held;
  }

  /** What it asks. */
  get question(): Message | undefined {
    return isWaiting(this.state) ? this.#status.message : undefined;
  }

  get artifacts(): readonly Artifact[] {
    return foldArtifacts(this.#chunks);
  }

  get runs(): number {
    return this.#runs;
  }

  get task(): Task {
    const { id, contextId } = this.opened;
    return { id, contextId, status: this.#status, artifacts: this.artifacts, history: this.history };
  }

  get answers(): readonly Answer[] {
    return this.#answers;
  }

  get rows(): readonly JournalRow[] {
    return [...this.#journal.values()].toSorted((a, b) => a.seq - b.seq);
  }

  /** What its runs have recorded, in order. */
  get entries(): readonly JournalEntry[] {
    return this.rows.map(({ ended_at: endedAt, ...row }) => {
      const entry = { ...row, ended: endedAt !== null };
      if (row.kind !== 'question' || row.result === null) return entry;
      return { ...entry, label: JSON.parse(row.result) as string };
    });
  }

  get sayings(): StoredSayings {
    const said = new Map<string, number>();
    const streams = new Map<string, { readonly chunks: number; readonly hash: string }>();
    for (const key of this.#keys) {
      const [kind, , first = '', chunks, hash = ''] = key.split(':');
      if (kind === 'say') said.set(first, (said.get(first) ?? 0) + 1);
      else if (kind === 'chunk') streams.set(first, { chunks: Number(chunks), hash });
    }
    for (const hash of this.logged.hashes) said.set(hash, (said.get(hash) ?? 0) + 1);
    const { lines, bytes, dropped } = this.logged;
    return { said, streams, log: { lines: lines.length, bytes, dropped } };
  }

  /** As the next run finds it. */
  claimed(token: string): ClaimedTask {
    const { fraction = null, stage = null, held = null } = this.#howFar;
    return {
      ...this.opened,
      token,
      tenant: 'default',
      owner: 'local',
      parentId: null,
      rootId: null,
      answers: [...this.#answers],
      attempt: 1,
      origin: 1,
      runCount: 1,
      progress: fraction,
      stage,
      held,
      isNew: this.#runs === 0,
    };
  }

  async claim({ token }: Claim): Promise<ClaimedTask | undefined> {
    if (isTerminal(this.state)) return undefined;
    const claimed = this.claimed(token);
    this.#token = token;
    this.#runSeq = 0;
    this.#runs += 1;
    this.parking = undefined;
    return claimed;
  }

  async giveBack(): Promise<void> {}

  async release(_taskId: string, token: string): Promise<void> {
    if (this.#token === token) this.#token = undefined;
  }

  async park(_taskId: string, token: string, parking: Parking): Promise<boolean> {
    this.#mustOwn(token);
    if (parking.known !== undefined && this.inboxed.length > parking.known) return false;
    this.#token = undefined;
    this.parking = parking;
    return true;
  }

  async append({ guard, events, entries, sessionMessages, release, at }: RunAppend): Promise<void> {
    if (guard.runSeq <= this.#runSeq && guard.token === this.#token) return;
    this.#mustOwn(guard.token);
    this.#runSeq = guard.runSeq;
    for (const row of entries) this.#keep(row);
    for (const event of events) this.#add(event, at);
    for (const message of sessionMessages) await this.#remember(asKept(message));
    if (release === true) this.#token = undefined;
  }

  async record({ token, rows }: RunRecords): Promise<void> {
    this.#mustOwn(token);
    for (const row of rows) this.#keep(row);
  }

  storedApart(): undefined {
    return undefined;
  }

  /** Somebody answers what it asks; undefined: nobody did in time. */
  async answer(message: Message | undefined, at: string): Promise<void> {
    const { question } = this;
    const late = { timedOut: true, ...(question === undefined ? {} : { question: question.messageId }) } as const;
    this.#answers.push(message === undefined ? late : toAnswer(question, message, at));
    const key = `answer:${message?.messageId ?? 'nobody'}`;
    const said = message === undefined ? {} : { userMessage: message };
    this.#add({ kind: 'statusUpdate', key, state: 'WORKING', ...said }, at);
    if (message !== undefined) {
      this.history.push(message);
      await this.#remember(message);
    }
  }

  async inbox(_taskId: string, taken: number, most = Infinity): Promise<readonly Message[]> {
    return this.inboxed.slice(taken, taken + most);
  }

  waitFor(): TaskWait {
    return { next: () => new Promise(() => undefined), leave: () => undefined };
  }

  async get(): Promise<{ readonly task: Task }> {
    return { task: this.task };
  }

  async overruled(): Promise<readonly unknown[]> {
    return [];
  }

  /** The same task before its end, in nobody's hands. */
  reopened(sessions: MemorySessions): MemoryTask {
    const copy = new MemoryTask(this.opened, sessions, this.inboxed, this.#status.timestamp);
    for (const row of this.rows) copy.#journal.set(row.key, row);
    copy.#keys.push(...this.#keys);
    copy.logged = this.logged.copy();
    copy.#answers.push(...this.#answers);
    copy.progress.push(...this.progress);
    copy.#chunks.push(...this.#chunks.filter(({ artifact }) => !this.#returned.has(artifact.artifactId)));
    copy.history.push(
      ...this.history.slice(1).filter(({ messageId }) => messageId !== this.#status.message?.messageId),
    );
    copy.#howFar = { ...this.#howFar, state: 'TASK_STATE_WORKING', held: undefined };
    copy.#status = { state: 'TASK_STATE_WORKING', timestamp: this.#status.timestamp };
    copy.#runs = this.#runs;
    return copy;
  }

  /** Of artifacts that came with the end. */
  readonly #returned = new Set<string>();

  #mustOwn(token: string): void {
    const { id } = this.opened;
    if (isTerminal(this.state)) throw new ContinuoError('TASK_ENDED', `Task ${id} has ended (${this.state}).`);
    if (this.#token !== token) throw new ContinuoError('RUN_LOST', `Another run owns task ${id} now.`);
  }

  #keep(given: Readonly<Record<string, unknown>>): void {
    if ('log' in given) this.logged.keep(given['log'] as LogBatch);
    // Other rows are about how the task failed.
    if (!('key' in given)) return;
    const row = given as unknown as JournalRow;
    const before = this.#journal.get(row.key);
    this.#journal.set(row.key, before === undefined ? row : { ...before, ...row, started_at: before.started_at });
  }

  #add(said: NewEvent, at: string): void {
    const event = asKept(said);
    this.#keys.push(event.key);
    const { id: taskId, contextId } = this.opened;
    const { kind, payload, message } = toEventRow(event, { taskId, contextId }, 1, at);
    const response = toStreamResponse(kind, payload, message);
    if ('artifactUpdate' in response) {
      this.#chunks.push(response.artifactUpdate);
      if (event.key.startsWith('returned:')) this.#returned.add(response.artifactUpdate.artifact.artifactId);
    }
    if (!('statusUpdate' in response) || event.kind !== 'statusUpdate') return;
    this.#howFar = howFarAfter(this.#howFar, response.statusUpdate);
    this.#status = response.statusUpdate.status;
    if (event.progress !== undefined && event.held === undefined) this.progress.push(event.progress);
    if (event.inHistory === true && event.message !== undefined) this.history.push(event.message);
    if (event.failure !== undefined) this.failure = event.failure;
    this.answerBy = event.wakesAt === undefined ? undefined : Date.parse(event.wakesAt);
  }

  async #remember(message: Message): Promise<void> {
    if (this.opened.sessionId !== null) await this.sessions.save(this.opened.sessionId, message);
  }
}

/** As a server keeps it, and gives it to others. */
function asKept<Value extends object>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
