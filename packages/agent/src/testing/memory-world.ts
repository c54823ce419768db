/** Everything around the runs of one tested task, in memory: carries them out until the task ends, or nothing more comes. */
import { AgentRunner } from '../agents/agent-runner.js';
import { contentOf } from '../agents/content.js';
import { checkAnswer } from '../agents/input-request.js';
import { DEFAULT_LIMITS } from '../platform/default-limits.js';
import { ContinuoError } from '../platform/errors.js';
import { derivedId } from '../platform/ids.js';
import type { JournalRow } from '../runs/journal-row.js';
import type { Message } from '../sessions/message.js';
import { INPUT_EXTENSION } from '../tasks/task.js';
import { isTerminal } from '../tasks/task-state.js';
import type { RunLog } from '../tasks/run-log.js';
import type { GivenAnswers, Question } from './answers.js';
import { Life } from './life.js';
import type { MemoryMemories } from './memory-memories.js';
import type { MemoryTask } from './memory-task.js';
import type { ScriptedChildren } from './script-children.js';
import { registered, silent, watched, type Given, type Tested } from './tested-agent.js';
import type { VirtualClock } from './virtual-clock.js';

/** What is not asked for within so many milliseconds is gone from the code. */
const QUIET_MS = 100;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** A run is taken for endless that begins so often. */
const MOST_RUNS = 10_000;

/** A question that the tested agent asked. */
export interface AskedQuestion {
  readonly text: string;
  /** What was answered, in words; undefined when nobody did. */
  readonly answer: string | undefined;
}

export interface World {
  readonly tested: Tested;
  readonly task: MemoryTask;
  readonly clock: VirtualClock;
  readonly model: Given['model'];
  readonly children: ScriptedChildren;
  readonly memories: MemoryMemories;
  readonly answers: GivenAnswers;
  /** What the task had asked before, and does not wait for. */
  readonly asked: readonly AskedQuestion[];
  /** Steps after which the process dies, `*` for each. */
  readonly crashes: readonly string[];
  readonly patienceMs: number;
}

/** What the runs have shown beside what is stored. */
export interface Shown {
  readonly questions: readonly AskedQuestion[];
  /** How often the work of each step was begun. */
  readonly worked: ReadonlyMap<string, number>;
  readonly crashes: number;
}

export async function liveThrough(world: World): Promise<Shown> {
  const { task, clock, answers } = world;
  const questions: AskedQuestion[] = [...world.asked];
  const worked = new Map<string, number>();
  const crashed = new Set<string>();
  for (let runs = 0; !isTerminal(task.state) && task.held === undefined; runs += 1) {
    if (runs > MOST_RUNS) throw new Error(`The task began ${MOST_RUNS} times and has not ended.`);
    const died = await oneRun(world, worked, crashed);
    if (died || isTerminal(task.state)) continue;
    const { question, parking } = task;
    if (question !== undefined) {
      const parts = answers.to(toQuestion(question, task.state));
      const { text } = contentOf(question.parts);
      if (parts === undefined && task.answerBy === undefined) {
        questions.push({ text, answer: undefined });
        break;
      }
      const number = questions.length + 1;
      questions.push({ text, answer: parts === undefined ? undefined : wordsOf(contentOf(parts)) });
      if (parts === undefined) clock.skipTo(task.answerBy ?? 0);
      await task.answer(parts && checked(question, answerOf(task, number, parts)), clock.now().toISOString());
    } else if (parking?.wakesAt !== undefined) clock.skipTo(parking.wakesAt.getTime());
    else if (parking !== undefined) break;
  }
  return { questions, worked, crashes: crashed.size };
}

/** Whether it died. */
async function oneRun(world: World, worked: Map<string, number>, crashed: Set<string>): Promise<boolean> {
  const { task, clock, tested, model, children, memories, patienceMs } = world;
  const life = new Life();
  const own = life.clock(clock);
  const { sessionId } = task.opened;
  const sessions = sessionId === null ? undefined : life.port(task.sessions);
  const agent = watched(registered(tested, { sessions, clock: own, model }), life, (step) => {
    worked.set(step, (worked.get(step) ?? 0) + 1);
  });
  const over = new AbortController();
  const options = {
    maxRuns: Infinity,
    taskTimeoutMs: 1_000 * DAY_MS,
    artifactLimits: DEFAULT_LIMITS,
    instanceId: () => derivedId('test'),
    journalOf: async () => task.entries,
    sayingsOf: async () => task.sayings,
    findFile: async () => undefined,
    memories: life.port(memories),
    memoryDelayMs: 0,
    prices: { nanosOf: () => undefined },
    budgets: { of: async () => [], check: async () => undefined, record: async () => undefined },
    begins: (activity: Parameters<Life['runs']>[0]) => life.runs(activity),
    quietMs: QUIET_MS,
  };
  const log = life.port(dying(task, world.crashes, crashed, life));
  const watch = { began: () => undefined, ended: () => undefined };
  const runner = new AgentRunner(
    { has: () => true, get: () => agent },
    log,
    life.port(task),
    life.port(children),
    sessions,
    watch,
    options,
    own,
    silent,
  );
  const abort = (reason: Error): void => over.abort(reason);
  const run = { id: task.opened.id, signal: over.signal, entitled: () => undefined, abort };
  const outcome = Promise.race([runner.takeOver(run), life.died]);
  const { isIdle, isWaiting } = { isIdle: () => life.isIdle, isWaiting: () => life.isWaiting };
  return (await clock.during(outcome, { isIdle, isWaiting, patienceMs })) === 'died';
}

/** The log of a process that dies when a certain step is recorded. */
function dying(task: MemoryTask, steps: readonly string[], crashed: Set<string>, life: Life): RunLog {
  const die = async (rows: readonly unknown[]): Promise<void> => {
    for (const { kind, name, key, ended_at: endedAt } of rows as readonly JournalRow[]) {
      const isMeant = kind === 'step' && endedAt !== null && (steps.includes(name) || steps.includes('*'));
      const id = steps.includes('*') ? key : name;
      if (!isMeant || crashed.has(id)) continue;
      crashed.add(id);
      await life.end();
    }
  };
  return {
    claim: (claim) => task.claim(claim),
    giveBack: () => task.giveBack(),
    release: (id, token) => task.release(id, token),
    park: (id, token, parking) => task.park(id, token, parking),
    storedApart: () => undefined,
    append: async (append) => {
      await task.append(append);
      await die(append.entries);
    },
    record: async (records) => {
      await task.record(records);
      await die(records.rows);
    },
  };
}

function toQuestion({ parts, metadata }: Message, state: string): Question {
  const request = metadata?.[INPUT_EXTENSION] as { readonly schema?: Question['schema'] } | undefined;
  return { text: contentOf(parts).text, parts, schema: request?.schema, forAuth: state === 'AUTH_REQUIRED' };
}

function answerOf(task: MemoryTask, number: number, parts: Message['parts']): Message {
  const { id, contextId } = task.opened;
  return { messageId: derivedId(`${id}:answer ${number}`), contextId, taskId: id, role: 'ROLE_USER', parts };
}

/** The server refuses such an answer; a test that gives one is wrong. */
function checked(question: Message, answer: Message): Message {
  try {
    checkAnswer(question, answer);
    return answer;
  } catch (error) {
    if (!(error instanceof ContinuoError)) throw error;
    throw new TypeError(`The answer to "${contentOf(question.parts).text}" does not fit its schema: ${error.message}`, {
      cause: error,
    });
  }
}

export function wordsOf({ text, data }: { readonly text: string; readonly data: unknown }): string {
  return data === undefined ? text : JSON.stringify(data);
}
