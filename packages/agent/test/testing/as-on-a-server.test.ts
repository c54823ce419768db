/** What `testTask` promises of tests in memory: the same outcome in a replay, one child for a call, the checks and limits of a server. */
import { A2AAgent, A2AAgentBaseService, remark, type AgentAnswer, type TaskContext } from '@continuo/agent';
import { testTask, type TestedTask } from '@continuo/agent/testing';
import { describe, expect, it } from 'vitest';
import { PoliteRefundsAgent, QuestionsAgent, RefundsAgent } from '../support/refunds-agent.js';

type Scenario = Omit<NonNullable<Parameters<typeof testTask>[1]>, 'server'>;

function tested(execute: (task: TaskContext) => Promise<unknown>, scenario: Scenario = {}): Promise<TestedTask> {
  @A2AAgent({ type: 'shop', name: 'tested', description: 'Is tested.' })
  class SomeAgent extends A2AAgentBaseService {
    override execute(task: TaskContext): Promise<AgentAnswer> {
      return execute(task) as Promise<AgentAnswer>;
    }
  }
  return testTask(SomeAgent, { text: 'go', ...scenario });
}

describe('a replay comes to the same outcome', () => {
  it.each<readonly [string, () => Promise<TestedTask>]>([
    ['after an answer', () => testTask(RefundsAgent, { text: '7', answers: ['yes'] })],
    ['while it waits', () => testTask(RefundsAgent, { text: '7' })],
    ['with other words', () => testTask(PoliteRefundsAgent, { text: '7', answers: () => 'yes' })],
    ['of several questions', () => testTask(QuestionsAgent, { answers: { 'Which size?': { size: 40 } } })],
    ['while it waits for the second answer', () => tested(twice, { answers: ['yes'] })],
    ['when nobody answered in time', () => tested(inTime)],
    ['and then waits', () => tested(async (task) => `${await inTime(task)} ${await twice(task)}`)],
  ])('%s', async (_, run) => {
    const task = await run();
    const again = await task.replay();
    expect(again.outcome).toEqual(task.outcome);
    expect((await again.replay()).outcome).toEqual(task.outcome);
  });
});

async function twice(task: TaskContext): Promise<string> {
  const first = await task.requestInput('First?');
  const second = await task.requestInput('Second?');
  return first.text + second.text;
}

async function inTime(task: TaskContext): Promise<string> {
  return (await task.requestInput('In time?', { timeoutMs: 1_000, default: 'no' })).text;
}

describe('a scripted child', () => {
  /** Something that happens once, and can be waited for. */
  function happening(): { readonly happened: Promise<void>; happens(): void } {
    let happens = (): void => undefined;
    return { happened: new Promise((resolve) => (happens = resolve)), happens: () => happens() };
  }

  it('is called once for a call, also when the process dies while it works', async () => {
    let asked = 0;
    let lives = 0;
    const begunAgain = happening();
    const task = await tested(
      async (context) => {
        lives += 1;
        if (lives > 1) begunAgain.happens();
        const [, child] = await Promise.all([context.step('a', () => undefined), context.call('x/y', 'go')]);
        return child.text;
      },
      {
        crashAfter: 'a',
        calls: {
          'x/y': async () => {
            asked += 1;
            await begunAgain.happened;
            return 'done';
          },
        },
      },
    );
    expect([task.text, task.crashes, asked]).toEqual(['done', 1, 1]);
    expect(task.calls).toMatchObject([{ agent: 'x/y', state: 'COMPLETED', text: 'done' }]);
  });

  it('is tried again as often as the call says, however often the process dies', async () => {
    let asked = 0;
    let lives = 0;
    const [triedAgain, begunAgain] = [happening(), happening()];
    const task = await tested(
      async (context) => {
        lives += 1;
        if (lives > 1) begunAgain.happens();
        const child = context.call('x/y', 'go', { onFailure: { retries: 1 } }).catch((error: Error) => error.message);
        await context.step('a', () => triedAgain.happened);
        return JSON.stringify(await child);
      },
      {
        crashAfter: 'a',
        calls: {
          'x/y': async () => {
            asked += 1;
            if (asked === 2) {
              triedAgain.happens();
              await begunAgain.happened;
            }
            throw new Error('broken');
          },
        },
      },
    );
    expect([task.text, asked]).toEqual(['"x/y failed: broken"', 2]);
  });
});

describe('data of which JSON keeps nothing is refused', () => {
  const nothing = { toJSON: () => undefined };
  const parts = (data: unknown): readonly { readonly data: unknown }[] => [{ data }];

  it.each<readonly [string, (task: TaskContext) => Promise<unknown>, RegExp]>([
    ['what is returned', async () => parts(() => 1), /parts\[0\]\.data: a function/],
    ['a remark', async () => remark(parts(nothing)), /parts\[0\]\.data: an object whose toJSON gives nothing/],
    ['an artifact', (task) => task.artifact({ parts: parts(() => 1) }), /a function/],
    ['a chunk', (task) => task.stream().write(parts(Symbol('x'))), /a symbol/],
    ['a question', (task) => task.requestInput(parts(() => 1)), /a function/],
    ['the input of a call', (task) => task.call('x/y', parts(nothing)), /toJSON gives nothing/],
  ])('%s', async (_, execute, reason) => {
    const task = await tested(execute);
    expect([task.state, task.artifacts]).toEqual(['FAILED', []]);
    expect(task.failure).toMatchObject({ name: 'TerminalError', message: expect.stringMatching(reason) });
  });

  it('and inside of a value it is left out, as JSON does', async () => {
    const task = await tested(async () => parts({ a: 1, f: () => 1, list: [() => 1, new Date(0)] }));
    expect(task.data).toEqual({ a: 1, list: [null, '1970-01-01T00:00:00.000Z'] });
  });
});

describe('limits are those of a server that is told nothing else', () => {
  const MiB = 1024 ** 2;

  it('of answers', async () => {
    expect(await tested(async () => 'x'.repeat(12 * MiB))).toMatchObject({ state: 'COMPLETED' });
    const task = await tested(async () => 'x'.repeat(17 * MiB));
    expect([task.state, task.failure?.message]).toEqual(['FAILED', expect.stringContaining(String(16 * MiB))]);
  });

  it('of the state of a session', async () => {
    const large = 'x'.repeat(600_000);
    const refusal = /may take 1000000 bytes of JSON; with this value of second/;
    const set = await tested(async ({ session: { state } }) => {
      await state.set('first', large);
      await state.set('first', large);
      await state.set('second', large);
    });
    expect([set.state, set.failure?.message]).toEqual(['FAILED', expect.stringMatching(refusal)]);
    const updated = await tested(async ({ session: { state } }) => state.update('second', () => large + large));
    expect([updated.state, updated.failure?.message]).toEqual(['FAILED', expect.stringMatching(refusal)]);
  });
});

it('a list of parts is one answer to a question, and other lists are one after the other', async () => {
  const asks = async (task: TaskContext): Promise<string> => {
    const { text, data } = await task.requestInput('Q?');
    return JSON.stringify([text, data ?? null, (await task.requestInput('Q?')).text]);
  };
  const task = await tested(asks, { answers: { 'Q?': [{ text: 'yes' }, { data: { a: 1 } }] } });
  expect(task.text).toBe('["yes",{"a":1},"yes"]');
  expect((await tested(asks, { answers: { 'Q?': ['no', 'yes'] } })).text).toBe('["no",null,"yes"]');
});

it('an object without a prototype is no answer, and is told so', async () => {
  const task = await tested(async () => Object.create(null));
  expect(task.failure?.message).toMatch(/^`execute` returned an object\. Return text/);
});
