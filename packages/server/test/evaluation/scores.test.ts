/** What counts as a score, and as a change of one: nothing that a scorer failed at, or was not told what to expect. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCases } from '../../src/evaluation/cases.js';
import { evaluate } from '../../src/evaluation/evaluate.js';
import { agentOf, compared, type EvaluatedAgent } from '../../src/evaluation/report.js';
import { exact, toScore, type Score, type Scored } from '../../src/evaluation/scorers.js';
import { makeTestDirectory } from '../support/test-directory.js';

const untyped = (value: unknown): never => value as never;

it.each<readonly [unknown, number]>([
  [1, 1],
  [0.5, 0.5],
  [true, 1],
  [false, 0],
  [{ score: true, reason: 'right' }, 1],
])('%j is a score', (given, score) => {
  expect(toScore(given as Score)).toMatchObject({ score });
});

it.each([[null], [undefined], [''], ['1'], [[]], [-0.1], [1.1], [Number.NaN], [{ score: null }], [{}]])(
  '%j is none',
  (given) => {
    expect(() => toScore(untyped(given))).toThrow(/expected a number from 0 to 1/);
  },
);

it('`exact` has no score for a case that says nothing of what is expected', () => {
  const scored = untyped({ output: 'Anything.', data: undefined, expected: undefined }) as Scored;
  expect(() => exact().score(scored, untyped({}))).toThrow('expected: expected a text or a value');
});

describe('a comparison', () => {
  const report = (scores: Readonly<Record<string, number | null>>): EvaluatedAgent => {
    const cases = Object.entries(scores).map(([id, score]) => {
      return { id, score, scores: [{ scorer: 'exact', score }], state: 'COMPLETED', input: 'a', output: 'b' };
    });
    return agentOf('test/agent', '1.0.0', cases);
  };

  it('is of the cases alone that both have a score of', () => {
    const before = report({ right: 1, failed: 1, mended: null, worse: 1, gone: 1 });
    const { comparison } = compared(report({ right: 1, failed: null, mended: 1, worse: 0, new: 1 }), before);
    expect(comparison).toMatchObject({
      before: 1,
      after: 0.5,
      better: [],
      worse: ['worse'],
      same: 1,
      added: ['new'],
      removed: ['gone'],
    });
  });
});

it('cases in an array may begin with a mark of their byte order', async () => {
  const file = join(await makeTestDirectory('cases'), 'cases.json');
  await writeFile(file, '\uFEFF[{"input":"a"}]');
  expect(readCases(file)).toEqual([{ input: 'a' }]);
});

it.each([[Number.NaN], [Infinity], [0], [2 ** 31]])('a time of %s for a case is refused', async (caseTimeoutMs) => {
  const options = { agents: [], agent: 'test/agent', cases: [{ input: 'a' }], caseTimeoutMs };
  await expect(evaluate(options)).rejects.toThrow('caseTimeoutMs: expected a whole number of milliseconds from 1 to');
});
