/** What judges the answers of an evaluation: code, or an agent. */
import { isDeepStrictEqual } from 'node:util';
import type { Type } from '@nestjs/common';
import { z } from 'zod';
import type { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { JUDGE, JudgeAgent } from './judge-agent.js';

/** What an agent made of a case. */
export interface Scored {
  readonly id: string;
  readonly input: string | readonly Part[];
  readonly expected: unknown;
  /** The text of the answer, or of the question that it asked instead. */
  readonly output: string;
  /** The value of the answer, where it has one. */
  readonly data: unknown;
  /** With its artifacts. */
  readonly task: Task;
}

/** 0 to 1, or whether it is right; with a reason for people if you like. */
export type Score = number | boolean | { readonly score: number | boolean; readonly reason?: string };

/** What another agent answered a scorer. */
export interface Judged {
  readonly output: string;
  readonly data: unknown;
}

/** What a scorer may use. */
export interface ScoringContext {
  /**
   * Has an agent of the server judge, as a durable task: an evaluation that is taken up again doesn't ask twice. Throws when
   * the task comes to another end than COMPLETED.
   */
  readonly ask: (agent: string, input: string) => Promise<Judged>;
}

/**
 * Scores the answer to a case, from 0 to 1.
 *
 * @example
 * const isShort: Scorer = { name: 'short', score: ({ output }) => output.length < 200 };
 */
export interface Scorer {
  /** In the report; each scorer has its own. */
  readonly name: string;
  /** What it needs beside the agents of the evaluation. */
  readonly agents?: readonly Type<A2AAgentBaseService>[];
  /** Whatever it throws leaves the case without this score, and the report says so. */
  score(scored: Scored, context: ScoringContext): Score | Promise<Score>;
}

/** What a scorer gave, as a number. Throws for anything that is none from 0 to 1: nobody else could tell it from a bad answer. */
export function toScore(given: Score): { readonly score: number; readonly reason?: string } {
  const { score, ...reason } = typeof given === 'object' && given !== null ? given : { score: given };
  const isScore = typeof score === 'boolean' || (typeof score === 'number' && score >= 0 && score <= 1);
  if (!isScore) throw new Error(`it gave ${String(score)}, expected a number from 0 to 1`);
  return { score: Number(score), ...reason };
}

/** Whether the answer is `expected`: its text, white space at the ends aside, or its value. A case without it has no score. */
export function exact(): Scorer {
  return {
    name: 'exact',
    score: ({ expected, output, data }) => {
      if (expected === undefined) throw new Error('expected: expected a text or a value to compare the answer with');
      return typeof expected === 'string' ? output.trim() === expected.trim() : isDeepStrictEqual(data, expected);
    },
  };
}

/** How many of the texts in `expected` (one, or a list) the answer has somewhere, whatever their case. */
export function contains(): Scorer {
  return {
    name: 'contains',
    score: ({ expected, output }) => {
      const texts = textsSchema.parse(typeof expected === 'string' ? [expected] : expected);
      const missing = texts.filter((text) => !output.toLowerCase().includes(text.toLowerCase()));
      const reason = missing.length === 0 ? {} : { reason: `without ${missing.map((text) => `"${text}"`).join(', ')}` };
      return { score: 1 - missing.length / texts.length, ...reason };
    },
  };
}

const textsSchema = z.array(z.string().min(1), 'expected: expected a text, or a list of texts').min(1);

/** How `judge` has another agent score answers. */
export interface JudgeOptions {
  /** In the report. Default `judge`. */
  readonly name?: string | undefined;
  /** What makes an answer a good one. Default: that it says what `expected` says, or, without that, answers the input well. */
  readonly rubric?: string | undefined;
  /** An agent of your own, whose answer is the value `{ score: 0..1, reason }`. Default: the configured language model. */
  readonly agent?: string | undefined;
}

const verdictSchema = z.object({ score: z.number().min(0).max(1), reason: z.string().optional() });

/**
 * A language model judges, as a durable task of its own.
 *
 * @example
 * judge({ rubric: 'Polite, and names the order number.' })
 */
export function judge({ name = 'judge', rubric = DEFAULT_RUBRIC, agent }: JudgeOptions = {}): Scorer {
  return {
    name,
    ...(agent === undefined ? { agents: [JudgeAgent] } : {}),
    score: async ({ input, expected, output, data }, { ask }) => {
      const material = { rubric, input, expected, answer: output, ...(data === undefined ? {} : { value: data }) };
      const verdict = verdictSchema.safeParse((await ask(agent ?? JUDGE, JSON.stringify(material, undefined, 2))).data);
      if (verdict.success) {
        const { score, reason } = verdict.data;
        return { score, ...(reason === undefined ? {} : { reason }) };
      }
      throw new TerminalError(`${agent ?? JUDGE} gave no { score: 0..1, reason }: ${z.prettifyError(verdict.error)}`);
    },
  };
}

const DEFAULT_RUBRIC =
  'The answer says what `expected` says, in whatever words. Without `expected`: it answers the input, correctly and completely.';
