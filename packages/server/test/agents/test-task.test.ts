/** `testTask`: what it says in memory is what a real server does with the same scenario. */
import { A2AAgent, A2AAgentBaseService, type AgentAnswer, type TaskContext } from '@continuo/agent';
import { testTask, type Scenario, type Tested } from '@continuo/agent/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BranchesAgent,
  FailingAgent,
  QuestionsAgent,
  RefundsAgent,
} from '../../../agent/test/support/refunds-agent.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';

let server: RunningServer;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  server = await startServer({
    agents: [RefundsAgent, BranchesAgent, QuestionsAgent, FailingAgent, CallerAgent, EchoAgent],
    env: { PORT: '0', DATABASE_URL: url, CONTINUO_LOG_LEVEL: 'silent' },
  });
  afterThisTest(() => server.stop());
});

/** In memory, with a crash after each step, and on the server: what comes of it. */
async function thrice(agent: Tested, scenario: Scenario): Promise<readonly unknown[]> {
  const { calls: _scripted, ...asked } = scenario;
  const task = await testTask(agent, { ...scenario, server: undefined });
  const crashed = await task.crashAfter();
  // Its own agents answer there.
  const real = await testTask(agent, { ...asked, server });
  return [task, crashed, real].map((tested) => {
    const { outcome, progress, steps, failure, held } = tested;
    const names = steps.map(({ name, failed }) => ({ name, failed }));
    const artifacts = sorted(outcome.artifacts);
    return { ...outcome, artifacts, progress, steps: sorted(names), failure, held, calls: tested.calls };
  });
}

/** Calls the server's own echo, and one that fails there. */
@A2AAgent({ type: 'shop', name: 'caller', description: 'Calls others.' })
class CallerAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    await task.progress(0.1, 'Calling');
    const first = await task.call('function/echo', `${task.text} once`, { share: 0.4 });
    const failed = await task.call('shop/failing', 'print', { onFailure: 'ignore' });
    await task.progress(0.9, 'Called');
    return `${first.text}, ${failed.error}`;
  }
}

/** Branches side by side publish in an order of their own. */
function sorted<Item>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe('a scenario in memory and on a server', () => {
  it.each([
    ['steps, a question and state', RefundsAgent, { text: '7', answers: { 'Refund 40 EUR?': 'yes' } }],
    ['another answer', RefundsAgent, { text: '7', answers: ['no'], session: { state: { 'last refund': '6' } } }],
    ['nobody who answers', RefundsAgent, { text: '7' }],
    ['no session', RefundsAgent, { text: '7', answers: ['no'], session: false }],
    ['answers of a form', QuestionsAgent, { text: 'shoes', answers: [{ size: 42 }, 'red'] }],
    ['a step that fails', FailingAgent, { text: 'print' }],
    [
      'other agents',
      CallerAgent,
      {
        text: 'hello',
        calls: {
          'function/echo': ({ text }) => text,
          'shop/failing': new Error('Step "break" failed 2 times: The printer is out of paper.'),
        },
      },
    ],
  ] as const satisfies readonly (readonly [string, Tested, Scenario])[])(
    'ends the same: %s',
    async (_, agent, scenario) => {
      const [memory, crashed, real] = await thrice(agent, scenario);
      expect(crashed).toEqual(memory);
      expect(real).toEqual(memory);
    },
  );

  it('ends the same with any branches', async () => {
    const names = fc.array(fc.constantFrom('a', 'bb', 'ccc', 'dddd'), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(names, async (branches) => {
        const [memory, crashed, real] = await thrice(BranchesAgent, { text: branches.join(' ') });
        expect(crashed).toEqual(memory);
        expect(real).toEqual(memory);
      }),
      { numRuns: 8 },
    );
  });

  it('refuses scripts that a server does not follow', async () => {
    await expect(testTask(RefundsAgent, { text: '7', calls: {}, crashAfter: '*', server })).rejects.toThrow(
      "On a server calls and crashAfter can't be scripted",
    );
  });

  it('says what the server says when it refuses', async () => {
    await expect(testTask(RefundsAgent, { text: '', server: server.url })).rejects.toThrow('answered 400');
  });
});
