/** What an evaluation found, and how it compares with another one. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { EvaluationFailedError } from './evaluation-failed.js';

const score = z.number().min(0).max(1).nullable();

const scoreSchema = z.object({
  scorer: z.string(),
  /** 0 to 1; null: the scorer failed. */
  score,
  reason: z.string().optional(),
});

const caseSchema = z.object({
  id: z.string(),
  /** The mean of its scores; null: no scorer gave one. */
  score,
  scores: z.array(scoreSchema),
  /** How the task ended, as A2A has it; `INPUT_REQUIRED` when it asked. `REFUSED`: it could not be begun. */
  state: z.string(),
  input: z.string(),
  expected: z.unknown().optional(),
  output: z.string(),
  /** Undefined when there is none. */
  taskId: z.string().optional(),
  /** From the beginning of the task to its end. */
  ms: z.number().optional(),
});

const comparisonSchema = z.object({
  /** `context/support 1.0.0` */
  with: z.string(),
  /** Means over the cases that both have a score of. */
  before: score,
  after: score,
  better: z.array(z.string()),
  worse: z.array(z.string()),
  same: z.number(),
  /** Cases of this one alone. */
  added: z.array(z.string()),
  /** Cases of the other one alone. */
  removed: z.array(z.string()),
});

const agentSchema = z.object({
  agent: z.string(),
  version: z.string(),
  /** The mean of its cases; null: none has a score. */
  score,
  /** The mean of each scorer. */
  scorers: z.record(z.string(), score),
  /** How many scores are missing because a scorer failed. */
  unscored: z.number(),
  cases: z.array(caseSchema),
  comparison: comparisonSchema.optional(),
});

const reportSchema = z.object({
  /** With which an evaluation that was broken off is taken up again. */
  run: z.string(),
  at: z.string(),
  agents: z.array(agentSchema),
});

/** How an agent did in a case. @useDeclaredType */
export type EvaluatedCase = z.infer<typeof caseSchema>;
/** What an evaluation found of an agent. @useDeclaredType */
export type EvaluatedAgent = z.infer<typeof agentSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
/** What an evaluation found: JSON, to be kept and compared with later ones. @useDeclaredType */
export type EvaluationReport = z.infer<typeof reportSchema>;

/** Scores nearer to each other than this are the same. */
const SAME = 1e-9;

/** Throws EvaluationFailedError. */
export function readReport(path: string): EvaluationReport {
  try {
    return reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new EvaluationFailedError(`${path} is no report of an evaluation: ${reason}`, { cause: error });
  }
}

export function agentOf(agent: string, version: string, cases: readonly EvaluatedCase[]): EvaluatedAgent {
  const all = cases.flatMap(({ scores }) => scores);
  const names = [...new Set(all.map(({ scorer }) => scorer))];
  return {
    agent,
    version,
    score: mean(cases.map((one) => one.score)),
    scorers: Object.fromEntries(
      names.map((name) => [name, mean(all.flatMap((one) => (one.scorer === name ? [one.score] : [])))]),
    ),
    unscored: all.filter((one) => one.score === null).length,
    cases: [...cases],
  };
}

export function compared(now: EvaluatedAgent, other: EvaluatedAgent): EvaluatedAgent {
  const before = new Map(other.cases.map((one) => [one.id, one.score]));
  const after = new Map(now.cases.map((one) => [one.id, one.score]));
  const both = [...after].flatMap(([id, later]) => {
    const earlier = before.get(id);
    // What has no score, as its scorer failed, is neither better nor worse.
    return typeof earlier === 'number' && later !== null ? [{ id, earlier, later, change: later - earlier }] : [];
  });
  const idsOf = (cases: typeof both): string[] => cases.map(({ id }) => id);
  const comparison: Comparison = {
    with: `${other.agent} ${other.version}`,
    before: mean(both.map(({ earlier }) => earlier)),
    after: mean(both.map(({ later }) => later)),
    better: idsOf(both.filter(({ change }) => change > SAME)),
    worse: idsOf(both.filter(({ change }) => change < -SAME)),
    same: both.filter(({ change }) => Math.abs(change) <= SAME).length,
    added: [...after.keys()].filter((id) => !before.has(id)),
    removed: [...before.keys()].filter((id) => !after.has(id)),
  };
  return { ...now, comparison };
}

export function mean(scores: readonly (number | null)[]): number | null {
  const given = scores.filter((one) => one !== null);
  return given.length === 0 ? null : given.reduce((sum, one) => sum + one, 0) / given.length;
}
