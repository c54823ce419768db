/** docs/testing.md: its examples are run here, word for word. */
import { readFileSync } from 'node:fs';
import { A2AAgent, A2AAgentBaseService, ContextAgentBaseService, tool, type TaskContext } from '@continuo/agent';
import { testTask } from '@continuo/agent/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

@A2AAgent({ type: 'shop', name: 'refunds', description: 'Refunds orders.' })
export class RefundsAgent extends A2AAgentBaseService {
  async execute(task: TaskContext) {
    const order = await task.step('load order', () => ({ id: task.text, amount: 40 }));
    const { text } = await task.requestInput(`Refund ${order.amount} EUR?`);
    if (text !== 'yes') return 'Nothing was refunded.';
    const letter = await task.call('context/writer', `Write about order ${order.id}`);
    await task.artifact({ name: 'letter', parts: letter.text });
    await task.sleep(3 * 24 * 60 * 60 * 1000);
    return `Refunded ${order.amount} EUR.`;
  }
}

/** The same agent as somebody has changed it. */
@A2AAgent({ type: 'shop', name: 'refunds', description: 'Refunds orders.' })
export class NewRefundsAgent extends A2AAgentBaseService {
  async execute(task: TaskContext) {
    const order = await task.step('find order', () => ({ id: task.text, amount: 40 }));
    await task.requestInput(`Refund ${order.amount} EUR?`);
  }
}

@A2AAgent({ type: 'shop', name: 'adviser', description: 'Knows the prices.' })
export class AdviserAgent extends ContextAgentBaseService {
  protected readonly context = 'You sell shoes.';
  protected override readonly tools = {
    look_up: tool({
      description: 'Looks up a price.',
      input: z.object({ shoe: z.string() }),
      run: ({ shoe }) => `${shoe}: 80 EUR`,
    }),
  };
}

const refund = { text: '7', answers: ['yes'], calls: { 'context/writer': 'Dear customer' } };

describe('docs/testing.md', () => {
  it('refunds what the user confirms', async () => {
    const task = await testTask(RefundsAgent, {
      text: '7',
      answers: { 'Refund 40 EUR?': 'yes' },
      calls: { 'context/writer': ({ text }) => `Dear customer: ${text}` },
    });
    expect(task.state).toBe('COMPLETED');
    expect(task.text).toBe('Refunded 40 EUR.');
    expect(task.steps).toMatchObject([{ name: 'load order', worked: 1 }]);
  });

  it('survives a crash after any step', async () => {
    const task = await testTask(RefundsAgent, refund);
    const crashed = await task.crashAfter();
    expect(crashed.outcome).toEqual(task.outcome);
  });

  it('does nothing twice', async () => {
    const task = await testTask(RefundsAgent, refund);
    const again = await task.replay();
    expect(again.text).toBe(task.text);
    expect(again.steps).toMatchObject([{ name: 'load order', worked: 0 }]);
  });

  it('can not be deployed while tasks wait', async () => {
    const waiting = await testTask(RefundsAgent, { text: '7' });
    expect(waiting.state).toBe('INPUT_REQUIRED');
    expect(await waiting.withCode(RefundsAgent)).toEqual({ verdict: 'goes-on' });
    expect(await waiting.withCode(NewRefundsAgent)).toMatchObject({
      verdict: 'held',
      finished: 'step "load order"',
      found: 'step "find order"',
    });
  });

  it('looks prices up', async () => {
    const task = await testTask(AdviserAgent, {
      text: 'What are boots?',
      model: [{ tools: [{ name: 'look_up', input: { shoe: 'boots' } }] }, 'Boots are 80 EUR.'],
    });
    expect(task.text).toBe('Boots are 80 EUR.');
    expect(task.prompts[1]?.text).toContain('boots: 80 EUR');
  });

  it('has no example that is not run here', () => {
    const own = lines(readFileSync(new URL(import.meta.url), 'utf8'));
    const page = readFileSync(new URL('../../../../docs/testing.md', import.meta.url), 'utf8');
    const examples = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => lines(code));
    expect(examples.length).toBeGreaterThan(4);
    for (const example of examples) expect(own).toContain(example);
  });
});

/** Without what depends on where it stands. */
function lines(code: string): string {
  return code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
