/** An evaluation: agents answer cases as durable tasks, code and models score them, reports are compared. */
import { beforeAll, describe, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { evaluate, type EvaluateOptions } from '../../src/evaluation/evaluate.js';
import { contains, exact, judge } from '../../src/evaluation/scorers.js';
import { tellReport } from '../../src/evaluation/tell-report.js';
import { createTestDatabase } from '../support/database.js';
import { startOpenAiServer } from '../support/openai-server.js';

let asked: string[] = [];
let databaseUrl = '';

beforeAll(async () => {
  databaseUrl = (await createTestDatabase()).url;
});

async function answer(task: TaskContext, capitals: Readonly<Record<string, string>>) {
  asked.push(task.text);
  if (task.text === 'nothing') throw new TerminalError('There is nothing.');
  if (task.text === 'which?') await task.requestInput('Which country?');
  if (task.text === 'data') return [{ data: { n: 1 } }];
  return capitals[task.text] ?? 'no idea';
}

@A2AAgent({ type: 'test', name: 'capitals', version: '2.0.0', description: 'Knows capitals.' })
class Capitals extends A2AAgentBaseService {
  execute(task: TaskContext) {
    return answer(task, { France: 'It is Paris.', Spain: 'Madrid' });
  }
}

@A2AAgent({ type: 'test', name: 'simple', version: '1.0.0', description: 'Knows one capital.' })
class Simple extends A2AAgentBaseService {
  execute(task: TaskContext) {
    return answer(task, { France: 'Paris' });
  }
}

const cases = [
  { id: 'france', input: 'France', expected: 'Paris' },
  { id: 'spain', input: 'Spain', expected: 'Madrid' },
  { id: 'fails', input: 'nothing', expected: 'Paris' },
  { id: 'asks', input: 'which?', expected: 'Which country?' },
  { id: 'data', input: [{ text: 'data' }], expected: { n: 1 } },
];

function run(options: Partial<EvaluateOptions> & Pick<EvaluateOptions, 'agent'>) {
  const env = { CONTINUO_LOG_LEVEL: 'silent', ...options.env };
  return evaluate({ agents: [Capitals, Simple], cases, databaseUrl, ...options, env });
}

const scoresOf = (scored: readonly { readonly id: string; readonly score: number | null }[] | undefined) =>
  Object.fromEntries((scored ?? []).map(({ id, score }) => [id, score]));

it('scores what agents answer, side by side, and says what became better or worse', async () => {
  const report = await run({ agent: ['test/simple', 'test/capitals'] });
  const [simple, capitals] = report.agents;
  expect(scoresOf(simple?.cases)).toEqual({ france: 1, spain: 0, fails: 0, asks: 1, data: 1 });
  expect(scoresOf(capitals?.cases)).toEqual({ france: 0, spain: 1, fails: 0, asks: 1, data: 1 });
  expect([simple?.version, simple?.score, capitals?.score]).toEqual(['1.0.0', 0.6, 0.6]);
  expect(capitals?.comparison).toMatchObject({
    with: 'test/simple 1.0.0',
    better: ['spain'],
    worse: ['france'],
    same: 3,
  });
  expect(capitals?.cases[2]).toMatchObject({
    state: 'FAILED',
    scores: [{ scorer: 'exact', score: 0, reason: 'it ended FAILED: There is nothing.' }],
  });
  expect(capitals?.cases[3]).toMatchObject({ state: 'INPUT_REQUIRED', output: 'Which country?' });
  const told = tellReport(report, undefined);
  expect(told).toContain('test/capitals 2.0.0: 5 cases, score 0.60');
  expect(told).toContain('compared with test/simple 1.0.0: 0.60 → 0.60 (1 better, 1 worse, 3 the same)');
  expect(told).toMatch(/france +1\.00 → 0\.00 +COMPLETED +answered "It is Paris\."/);
});

it('is compared with an earlier report, also of other cases', async () => {
  const before = await run({ agent: 'test/simple', cases: cases.slice(0, 2) });
  const { agents } = await run({
    agent: 'test/capitals',
    scorers: [contains()],
    cases: cases.slice(1, 3),
    against: before,
  });
  expect(agents[0]?.comparison).toEqual({
    with: 'test/simple 1.0.0',
    before: 0,
    after: 1,
    better: ['spain'],
    worse: [],
    same: 0,
    added: ['fails'],
    removed: ['france'],
  });
});

it('asks nothing again that was asked in the same run, and is scored anew', async () => {
  asked = [];
  const first = await run({ agent: 'test/simple', cases: cases.slice(0, 2), run: 'mine' });
  const again = await run({ agent: 'test/simple', cases: cases.slice(0, 3), run: 'mine', scorers: [contains()] });
  expect(asked.toSorted()).toEqual(['France', 'Spain', 'nothing']);
  const ids = [first, again].map(({ agents }) => agents[0]?.cases.slice(0, 2).map(({ taskId }) => taskId));
  expect(ids[0]).toEqual(ids[1]);
  const changed = await run({ agent: 'test/simple', cases: [{ id: 'france', input: 'Spain' }], run: 'mine' });
  expect(changed.agents[0]?.cases[0]).toMatchObject({ state: 'REFUSED', score: 0 });
});

it('takes stored tasks as cases: what they answered is expected', async () => {
  const { agents } = await run({
    agent: 'test/capitals',
    cases: { tasks: { agent: 'test/simple', owner: 'evaluation', q: 'France' } },
  });
  expect(agents[0]?.cases.length).toBeGreaterThan(0);
  expect(
    agents[0]?.cases.every(({ input, expected, score }) => input === 'France' && expected === 'Paris' && score === 0),
  ).toBe(true);
});

describe('a scorer', () => {
  it('gives reasons, and one that fails leaves its score out', async () => {
    const broken = { name: 'broken', score: () => Promise.reject(new Error('No idea.')) };
    const beyond = { name: 'beyond', score: () => 7 };
    const { agents } = await run({
      agent: 'test/simple',
      cases: cases.slice(1, 2),
      scorers: [contains(), broken, beyond],
    });
    expect(agents[0]).toMatchObject({ score: 0, unscored: 2, scorers: { contains: 0, broken: null, beyond: null } });
    expect(agents[0]?.cases[0]?.scores).toEqual([
      { scorer: 'contains', score: 0, reason: 'without "Madrid"' },
      { scorer: 'broken', score: null, reason: 'The scorer failed: No idea.' },
      { scorer: 'beyond', score: null, reason: 'The scorer failed: it gave 7, expected a number from 0 to 1' },
    ]);
  });

  it('may be a language model, which is asked once for each answer', async () => {
    const model = await startOpenAiServer();
    model.otherwise(() => ({ kind: 'answer', words: ['{"reason":"It is right.","score":0.75}'] }));
    const env = {
      CONTINUO_MODEL: 'openai-compatible/judge',
      CONTINUO_MODEL_BASE_URL: model.baseUrl,
      CONTINUO_MODEL_API_KEY: 'none',
    };
    const once = {
      agent: 'test/capitals',
      cases: cases.slice(0, 1),
      scorers: [judge({ rubric: 'Be right.' })],
      run: 'judged',
      env,
    };
    for (let time = 0; time < 2; time += 1) {
      const { agents } = await run(once);
      expect(agents[0]?.cases[0]?.scores).toEqual([{ scorer: 'judge', score: 0.75, reason: 'It is right.' }]);
    }
    expect(model.requests).toHaveLength(1);
    expect(JSON.stringify(model.requests[0]?.messages)).toMatch(/Be right\..*It is Paris\./);
  });

  it('that is a language model says so where there is none', async () => {
    const { agents } = await run({ agent: 'test/capitals', cases: cases.slice(0, 1), scorers: [judge()] });
    expect(agents[0]?.cases[0]?.scores[0]?.reason).toMatch(/^The scorer failed: .*No language model is configured/);
  });
});

it.each([
  [{ agent: 'test/nobody' }, /^There is no agent test\/nobody; there are .*test\/capitals, test\/simple\.$/],
  [{ agent: [] }, /^agent: expected at least one type\/name$/],
  [{ agent: 'test/simple', cases: [] }, /^There are no cases\.$/],
  [{ agent: 'test/simple', cases: [{ input: '' }] }, /^cases\[0\]\.input: expected a text, or a list of parts$/],
  [{ agent: 'test/simple', cases: [cases[0], cases[0]] as typeof cases }, /^Two cases have the id "france"\.$/],
  [
    { agent: 'test/simple', scorers: [exact(), exact()] },
    /^scorers: expected at least one, each with a name of its own$/,
  ],
  [{ agent: 'test/simple', concurrency: 0 }, /^concurrency: expected a whole number from 1 on$/],
  [{ agent: undefined }, /^agent: expected at least one type\/name$/],
  [{ agent: 'test/simple', cases: {} }, /^cases: expected a list of cases, or \{ tasks \}$/],
  [
    { agent: 'test/simple', scorers: [{ name: 'mine' }] },
    /^scorers: expected at least one, each with a name of its own$/,
  ],
  [{ agent: 'test/simple', against: {} }, /^against: expected the report of an earlier evaluation$/],
  [{ agent: 'test/simple', conncurrency: 2 }, /^evaluate: there is no option conncurrency\. /],
])('what is wrong with it is named: %j', async (options, words) => {
  await expect(run(options as Parameters<typeof run>[0])).rejects.toThrow(words);
});
