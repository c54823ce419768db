/** `shop/support`, in memory, with a language model that says what is written here. */
import { testTask } from '@continuo/agent/testing';
import { expect, it } from 'vitest';
import { SupportAgent } from '../src/agents/support.agent.js';
import { Orders } from '../src/orders.js';

it('gives the model what it looks up', async () => {
  const task = await testTask(() => new SupportAgent(new Orders()), {
    text: 'Where is my order A-1001?',
    model: [{ tools: [{ name: 'findOrder', input: { id: 'A-1001' } }] }, 'Your teapot is on its way.'],
  });
  expect(task.text).toBe('Your teapot is on its way.');
  expect(task.prompts[0]?.system).toContain('You look after the orders of a small shop.');
  expect(task.prompts[1]?.text).toContain('Teapot');
});

it('cancels nothing before a person has approved', async () => {
  const orders = new Orders();
  const task = await testTask(() => new SupportAgent(orders), {
    text: 'Please cancel A-1002.',
    model: [{ tools: [{ name: 'cancelOrder', input: { id: 'A-1002' } }] }],
  });
  expect(task.state).toBe('INPUT_REQUIRED');
  expect(orders.find('A-1002')?.status).toBe('packed');
});
