/** `testTask` in memory: what users write in their own tests, one thing after the other. */
import {
  A2AAgent,
  A2AAgentBaseService,
  ContextAgentBaseService,
  FunctionAgentBaseService,
  TaskRejectedError,
  tool,
  type AgentAnswer,
  type TaskContext,
} from '@continuo/agent';
import { testTask } from '@continuo/agent/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  BranchesAgent,
  FailingAgent,
  PoliteRefundsAgent,
  QuestionsAgent,
  RefundsAgent,
  RenamedRefundsAgent,
} from '../support/refunds-agent.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
const refund = { text: '7', answers: { 'Refund 40 EUR?': 'yes' } };

@A2AAgent({ type: 'shop', name: 'letters', description: 'Has letters written.' })
class LettersAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    const letter = await task.call('context/writer', `Write to ${task.text}`);
    const [first, second] = await task.callAll([
      { agent: 'function/print', input: letter.text },
      { agent: 'function/post', input: letter.text, onFailure: 'ignore' },
    ]);
    return `${letter.text} | ${first?.text} | ${second?.error ?? second?.text}`;
  }
}

@A2AAgent({ type: 'shop', name: 'reminder', description: 'Reminds.' })
class ReminderAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    await task.step('note', () => 'noted');
    await task.sleep(3 * DAY_MS);
    const { timedOut } = await task.requestInput('Still there?', { timeoutMs: DAY_MS, default: 'no' });
    return `timed out: ${timedOut}`;
  }
}

@A2AAgent({ type: 'shop', name: 'logger', description: 'Logs.' })
class LoggingAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    const { info } = task.log;
    info('begins', { order: task.text });
    await task.step('look', () => task.log.warn('looks'));
    await task.step('pack', () => task.log.debug('packs'));
    return 'Sent.';
  }
}

@A2AAgent({ type: 'shop', name: 'inbox', description: 'Listens.' })
class InboxAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    const first = await task.inbox.wait();
    const rest = await task.inbox.take();
    const late = await task.inbox.wait({ timeoutMs: DAY_MS });
    return [first, ...rest, late].map((message) => message?.text ?? 'nothing').join(', ');
  }
}

@A2AAgent({ type: 'shop', name: 'adviser', description: 'Advises.', memory: true })
class AdviserAgent extends ContextAgentBaseService {
  protected readonly context = 'You sell shoes.';
  protected override readonly tools = {
    look_up: tool({
      description: 'Looks up a price.',
      input: z.object({ shoe: z.string() }),
      run: ({ shoe }) => `${shoe}: 80 EUR`,
    }),
  };
}

@A2AAgent({ type: 'shop', name: 'doubler', description: 'Doubles.' })
class DoublerAgent extends FunctionAgentBaseService<{ n: number }, number> {
  protected readonly input = z.object({ n: z.number() });
  protected readonly output = z.number();
  protected run({ n }: { n: number }): number {
    return n * 2;
  }
}

describe('testTask', () => {
  it('tells what an agent said and did', async () => {
    const task = await testTask(RefundsAgent, refund);
    expect(task.outcome).toMatchObject({ state: 'COMPLETED', text: 'Refunded 40 EUR.' });
    expect(task.artifacts.map(({ name }) => name)).toEqual(['letter', 'answer']);
    expect(task.progress).toEqual([{ fraction: 0.4, stage: 'Checking the policy' }]);
    expect(task.questions).toEqual([{ text: 'Refund 40 EUR?', answer: 'yes' }]);
    expect(task.steps.filter(({ name }) => name !== 'keep last refund')).toEqual([
      { name: 'load order', result: { id: '7', amount: 40 }, failed: false, worked: 1 },
      { name: 'refund', result: { refunded: 40 }, failed: false, worked: 1 },
    ]);
    expect(task.messages.map(({ role, text }) => `${role}: ${text}`)).toEqual([
      'user: 7',
      'agent: Refund 40 EUR?',
      'user: yes',
      'agent: Refunded 40 EUR.',
    ]);
    expect(task.sessionState).toEqual({ 'last refund': '7' });
  });

  it('leaves a task waiting that nobody answers', async () => {
    const task = await testTask(RefundsAgent, { text: '7' });
    expect(task.state).toBe('INPUT_REQUIRED');
    expect(task.questions).toEqual([{ text: 'Refund 40 EUR?', answer: undefined }]);
  });

  it('takes answers in order or from a function, and refuses those that do not fit', async () => {
    const inOrder = await testTask(QuestionsAgent, { text: 'shoes', answers: [{ size: 42 }, 'red'] });
    expect(inOrder.data).toEqual({ size: 42, colour: 'red' });
    const decided = await testTask(QuestionsAgent, {
      text: 'shoes',
      answers: ({ text, schema }) => (schema === undefined ? `${text.length}` : { size: 40 }),
    });
    expect(decided.data).toEqual({ size: 40, colour: '13' });
    await expect(testTask(QuestionsAgent, { text: 'shoes', answers: ['big'] })).rejects.toThrow(
      'The answer to "Which size?" does not fit its schema',
    );
  });

  it('tells why a task failed', async () => {
    const task = await testTask(FailingAgent, { text: 'print' });
    expect(task.state).toBe('FAILED');
    expect(task.failure).toMatchObject({ step: 'break', causes: ['The printer is out of paper.', expect.any(String)] });
    expect(task.steps).toMatchObject([
      { name: 'begin', worked: 1 },
      { name: 'break', failed: true, worked: 2 },
    ]);
  });

  it('has other agents answer as the test says', async () => {
    const calls = {
      'context/writer': ({ text }: { text: string }) => `${text}!`,
      'function/print': [{ text: 'printed' }],
      'function/post': new TaskRejectedError('No stamps.'),
    };
    const task = await testTask(LettersAgent, { text: 'Ada', calls });
    expect(task.text).toBe('Write to Ada! | printed | function/post rejected the task: No stamps.');
    expect(task.calls).toMatchObject([
      { agent: 'context/writer', input: [{ text: 'Write to Ada' }], state: 'COMPLETED', text: 'Write to Ada!' },
      { agent: 'function/print', state: 'COMPLETED' },
      { agent: 'function/post', state: 'REJECTED' },
    ]);
    const unknown = await testTask(LettersAgent, { text: 'Ada' });
    expect(unknown.failure?.message).toContain('The test says nothing of the agent context/writer');
  });

  it('skips what an agent waits for', async () => {
    const task = await testTask(ReminderAgent, { text: 'x', now: '2026-03-01T00:00:00Z' });
    expect(task.text).toBe('timed out: true');
    expect(task.elapsedMs).toBeGreaterThanOrEqual(4 * DAY_MS);
    expect(task.steps).toMatchObject([{ name: 'note', worked: 1 }]);
  });

  it('hands on what is sent to a task while it works', async () => {
    const task = await testTask(InboxAgent, { text: 'x', inbox: ['one', 'two', 'three'] });
    expect(task.text).toBe('one, two, three, nothing');
  });

  it('has a language model say what is written down, and tells what it was shown', async () => {
    const task = await testTask(AdviserAgent, {
      text: 'What are boots?',
      session: { messages: ['I am Ada.'] },
      memories: ['Wears shoes of size 42.'],
      model: [{ tools: [{ name: 'look_up', input: { shoe: 'boots' } }] }, 'Boots are 80 EUR.'],
    });
    expect(task.text).toBe('Boots are 80 EUR.');
    expect(task.prompts).toHaveLength(2);
    expect(task.prompts[0]).toMatchObject({ tools: ['look_up'], text: expect.stringContaining('I am Ada.') });
    expect(task.prompts[0]?.system).toContain('size 42');
    expect(task.prompts[1]?.text).toContain('boots: 80 EUR');
  });

  it('fails a task whose model is asked more often than the script says', async () => {
    const task = await testTask(AdviserAgent, {
      text: 'What are boots?',
      model: [{ tools: [{ name: 'look_up', input: { shoe: 'boots' } }] }],
    });
    expect(task.state).toBe('FAILED');
    expect(task.failure?.message).toContain('The script of the model is too short: it has 1 turns');
  });

  it('runs functions', async () => {
    expect(await testTask(DoublerAgent, { data: { n: 21 } })).toMatchObject({ state: 'COMPLETED', data: 42 });
    expect((await testTask(DoublerAgent, { data: { n: 'x' } })).failure?.message).toContain('Invalid input');
  });

  it('refuses what no server would take', async () => {
    class Plain extends A2AAgentBaseService {
      async execute(): Promise<void> {}
    }
    await expect(testTask(Plain, { text: 'x' })).rejects.toThrow('it is not decorated');
  });

  it('says so when an agent waits for nothing that comes', async () => {
    @A2AAgent({ type: 'shop', name: 'stuck', description: 'Is stuck.' })
    class StuckAgent extends A2AAgentBaseService {
      execute(): Promise<void> {
        return new Promise(() => undefined);
      }
    }
    await expect(testTask(StuckAgent, { text: 'x', patienceMs: 50 })).rejects.toThrow(
      'The agent did nothing for 50 ms',
    );
  });
});

describe('crashAfter', () => {
  it.each([
    ['load order', RefundsAgent, refund],
    ['*', RefundsAgent, refund],
    ['*', BranchesAgent, { text: 'a bb ccc' }],
    ['*', QuestionsAgent, { text: 'shoes', answers: [{ size: 42 }, 'red'] }],
    ['begin', FailingAgent, { text: 'print' }],
    ['note', ReminderAgent, { text: 'x' }],
  ] as const)('%s ends as without a crash', async (step, agent, scenario) => {
    const whole = await testTask(agent, scenario);
    const crashed = await whole.crashAfter(step);
    expect(crashed.crashes).toBeGreaterThan(0);
    expect(crashed.runs).toBeGreaterThan(whole.runs);
    expect(crashed.outcome).toEqual(whole.outcome);
  });

  it('shows which steps ran twice', async () => {
    const task = await testTask(SideBySideAgent, { text: 'x', crashAfter: 'quick' });
    expect(task.text).toBe('quick and slow');
    expect(Object.fromEntries(task.steps.map(({ name, worked }) => [name, worked]))).toEqual({ quick: 1, slow: 2 });
  });

  it('shows what an agent does outside of its steps', async () => {
    const careless = await testTask(CarelessAgent, { text: 'x' });
    expect(careless.text).toBe('1');
    expect((await careless.crashAfter('one')).text).toBe('2');
  });
});

/** The slow step is under way when the quick one is recorded. */
@A2AAgent({ type: 'shop', name: 'side-by-side', description: 'Does two things at once.' })
class SideBySideAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    const slow = async (): Promise<string> => {
      for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return 'slow';
    };
    const said = await Promise.all([task.step('quick', () => 'quick'), task.step('slow', slow)]);
    return said.join(' and ');
  }
}

let count = 0;

/** What it counts is outside of its steps. */
@A2AAgent({ type: 'shop', name: 'careless', description: 'Counts.' })
class CarelessAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    count += 1;
    await task.step('one', () => 1);
    const said = count;
    count = 0;
    return `${said}`;
  }
}

/** Counts its tasks in the session, and again inside of a step that fails at first. */
@A2AAgent({ type: 'shop', name: 'counting', description: 'Counts.' })
class CountingAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    const { state } = task.session;
    const twice = [1, 2].map(() => state.update<number>('count', (n = 0) => n + 1));
    let attempts = 0;
    const inStep = await task.step('in a step', async () => {
      const number = await state.update<number>('nested', (n = 0) => n + 1);
      attempts += 1;
      if (attempts === 1) throw new Error('Not yet.');
      return number;
    });
    return `${(await Promise.all(twice)).join(' ')} ${inStep}`;
  }
}

describe('session.state.update', () => {
  it('changes a value once, whatever dies', async () => {
    const task = await testTask(CountingAgent, { text: 'x', session: { state: { count: 40 } } });
    expect(task.text).toBe('41 42 1');
    expect(task.sessionState).toEqual({ count: 42, nested: 1 });
    expect((await task.crashAfter()).outcome).toEqual(task.outcome);
    expect((await task.crashAfter('update count')).outcome).toEqual(task.outcome);
    expect((await task.replay()).sessionState).toEqual(task.sessionState);
  });

  it('works without a session, and keeps nothing', async () => {
    const task = await testTask(CountingAgent, { text: 'x', session: false });
    expect(task.sessionState).toEqual({});
    expect(task.text).toMatch(/^1 2 /);
  });

  it.each<readonly [what: string, key: string, change: () => unknown, said: string]>([
    ['a promise', 'x', async () => 1, 'session.state.update: what changes x gave back a promise'],
    ['no JSON', 'x', () => () => 1, 'session.state.update: what changes x gave back something'],
    ['no function', 'x', 'x' as never, 'session.state.update: change'],
    ['a key that is none', '', () => 1, 'session.state.update: key'],
  ])('refuses %s by its name', async (_, key, change, said) => {
    @A2AAgent({ type: 'shop', name: 'wrong', description: 'Updates what can not be.' })
    class WrongAgent extends A2AAgentBaseService {
      async execute(task: TaskContext): Promise<AgentAnswer> {
        await task.session.state.update(key, change);
      }
    }
    for (const session of [{}, false] as const) {
      const task = await testTask(WrongAgent, { text: 'x', session });
      expect(task.failure?.message).toContain(said);
      expect(task.sessionState).toEqual({});
    }
  });
});

describe('replay', () => {
  it('does nothing again that was done', async () => {
    const task = await testTask(RefundsAgent, refund);
    const again = await task.replay();
    expect(again.outcome).toMatchObject({ state: 'COMPLETED', text: task.text, artifacts: task.artifacts });
    expect(again.steps.every(({ worked }) => worked === 0)).toBe(true);
  });
});

describe('withCode', () => {
  it('goes on with code that fits', async () => {
    const task = await testTask(RefundsAgent, { text: '7' });
    expect(await task.withCode(RefundsAgent)).toEqual({ verdict: 'goes-on' });
    expect(await task.withCode(PoliteRefundsAgent)).toEqual({ verdict: 'goes-on' });
  });

  it('holds the task with both sides where the code contradicts it', async () => {
    const task = await testTask(RefundsAgent, { text: '7' });
    expect(await task.withCode(RenamedRefundsAgent)).toMatchObject({
      verdict: 'held',
      finished: 'step "load order"',
      found: 'step "find order"',
    });
  });

  it('says what a deploy in the middle would have done', async () => {
    const task = await testTask(RefundsAgent, refund);
    expect(await task.withCode(RefundsAgent)).toEqual({ verdict: 'finishes' });
    expect(await task.withCode(PoliteRefundsAgent, { after: 'load order' })).toEqual({ verdict: 'goes-on' });
    expect(await task.withCode(RenamedRefundsAgent, { after: 'load order' })).toMatchObject({ verdict: 'held' });
    await expect(task.withCode(RefundsAgent, { after: 'load' })).rejects.toThrow('The task has no step "load"');
  });
});

it('shows what was logged, each line once, also when the process dies in between', async () => {
  const lines = [
    { level: 'info', message: 'begins', fields: { order: '7' } },
    { level: 'warn', message: 'looks' },
    { level: 'debug', message: 'packs' },
  ];
  const task = await testTask(LoggingAgent, { text: '7' });
  expect(task.log).toEqual(lines);
  const crashed = await task.crashAfter();
  expect([crashed.crashes, crashed.log]).toEqual([2, lines]);
  expect((await task.replay()).log).toEqual(lines);
});
