/** Has agents answer the cases of an evaluation, as durable tasks, and their answers scored. */
import { contentOf } from '@continuo/agent/internal/agents/content.js';
import { answerOfTask } from '@continuo/agent/internal/agents/task-answer.js';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import { textOf, type Part } from '@continuo/agent/internal/sessions/message.js';
import { isSettled, isTerminal } from '@continuo/agent/internal/tasks/task-state.js';
import { PROGRESS_EXTENSION, type Task } from '@continuo/agent/internal/tasks/task.js';
import type { AgentCalls } from '../calls/agent-calls.js';
import type { Caller } from '../platform/caller.js';
import type { TaskAt } from '../tasks/read-tasks.js';
import type { NamedCase } from './cases.js';
import { mean, type EvaluatedCase } from './report.js';
import { toScore, type Judged, type Scorer } from './scorers.js';

/** Whom all tasks of evaluations belong to: nobody else sees them, and none of them counts as a caller's. */
const EVALUATION: Caller = { tenant: 'default', owner: 'evaluation' };

/** What is wrong with a case; anything else is wrong with the server. */
const refusals: ReadonlySet<string> = new Set([
  'INVALID_ARGUMENT',
  'CONTENT_TYPE_NOT_SUPPORTED',
  'EXTENSION_SUPPORT_REQUIRED',
  'FILE_NOT_FOUND',
  'PAYLOAD_TOO_LARGE',
]);

export interface RunParts {
  readonly calls: Pick<AgentCalls, 'send' | 'settled' | 'cancel'>;
  /** Of the evaluation: the same run has the same messages, whoever sends them. */
  readonly run: string;
  readonly scorers: readonly Scorer[];
  readonly concurrency: number;
  readonly caseTimeoutMs: number;
}

export class CaseRuns {
  /** Tasks that wait for an answer nobody will give. */
  readonly #waiting: string[] = [];

  constructor(private readonly parts: RunParts) {}

  /** In the order of `cases`. */
  async all(agent: string, cases: readonly NamedCase[]): Promise<readonly EvaluatedCase[]> {
    const evaluated: EvaluatedCase[] = [];
    const left = cases.entries();
    const work = async (): Promise<void> => {
      for (const [index, one] of left) evaluated[index] = await this.#one(agent, one);
    };
    await Promise.all(Array.from({ length: this.parts.concurrency }, work));
    return evaluated;
  }

  /** Ends what still waits for somebody. */
  async end(): Promise<void> {
    await Promise.all(
      this.#waiting.map((id) => this.parts.calls.cancel(EVALUATION, id, { by: null }).catch(unlessEnded)),
    );
  }

  async #one(agent: string, { id, input, expected }: NamedCase): Promise<EvaluatedCase> {
    const name = `${this.parts.run}:${agent}:${id}`;
    const about = { id, input: shown(input), ...(expected === undefined ? {} : { expected }) };
    let asked: TaskAt;
    try {
      asked = await this.#ask(agent, input, name);
    } catch (error) {
      if (!(error instanceof ContinuoError && refusals.has(error.code))) throw error;
      return { ...about, state: 'REFUSED', output: messageOf(error), score: 0, scores: this.#zero(messageOf(error)) };
    }
    const { task, state } = asked;
    const { text: output, data } = answerIn(task);
    const answered = state === 'COMPLETED' || state === 'INPUT_REQUIRED';
    const scored = { id, input, expected, output, data, task };
    const scores = answered
      ? await Promise.all(this.parts.scorers.map((scorer) => this.#score(scorer, scored, name)))
      : this.#zero(isSettled(state) ? `it ended ${state}: ${output}` : `it was still ${state} when its time was over`);
    return {
      ...about,
      state,
      output,
      taskId: task.id,
      ...timeOf(task),
      score: mean(scores.map(({ score }) => score)),
      scores,
    };
  }

  #zero(reason: string): EvaluatedCase['scores'] {
    return this.parts.scorers.map(({ name: scorer }) => ({ scorer, score: 0, reason }));
  }

  async #score(
    scorer: Scorer,
    scored: Parameters<Scorer['score']>[0],
    name: string,
  ): Promise<EvaluatedCase['scores'][number]> {
    let asked = 0;
    const ask = async (agent: string, input: string): Promise<Judged> => {
      asked += 1;
      const { task, state } = await this.#ask(agent, input, `${name}:${scorer.name}:${asked}`);
      const { text: output, data } = answerIn(task);
      if (state === 'COMPLETED') return { output, data };
      throw new Error(`${agent} ended ${state}: ${output}`);
    };
    try {
      return { scorer: scorer.name, ...toScore(await scorer.score(scored, { ask })) };
    } catch (error) {
      return { scorer: scorer.name, score: null, reason: `The scorer failed: ${messageOf(error)}` };
    }
  }

  /** The task as it ended, or as it was when its time was over. */
  async #ask(agent: string, input: string | readonly Part[], name: string): Promise<TaskAt> {
    const { calls, caseTimeoutMs } = this.parts;
    const parts = typeof input === 'string' ? [{ text: input }] : input;
    const ids = { messageId: derivedId(name), contextId: derivedId(`${name}:context`) };
    const sent = await calls.send(EVALUATION, agent, { role: 'ROLE_USER', ...ids, parts });
    const view = { historyLength: 0, artifacts: true };
    const at = await calls.settled(EVALUATION, sent, { view, signal: AbortSignal.timeout(caseTimeoutMs) });
    if (!isTerminal(at.state)) this.#waiting.push(at.task.id);
    return at;
  }
}

function answerIn(task: Task): { readonly text: string; readonly data: unknown } {
  const { parts } = answerOfTask(task.id, task);
  return contentOf(parts);
}

function timeOf({ metadata, status }: Task): { readonly ms?: number } {
  const progress = metadata?.[PROGRESS_EXTENSION];
  const made = typeof progress === 'object' && progress !== null && 'createdAt' in progress ? progress.createdAt : '';
  const ms = Date.parse(status.timestamp) - Date.parse(String(made));
  return Number.isFinite(ms) ? { ms: Math.max(0, ms) } : {};
}

function shown(input: string | readonly Part[]): string {
  return typeof input === 'string' ? input : textOf(input) || JSON.stringify(input);
}

function unlessEnded(error: unknown): void {
  if (!(error instanceof ContinuoError && error.code === 'TASK_NOT_CANCELABLE')) throw error;
}
