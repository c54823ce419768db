/** `shop/refunds`, in memory: what it asks, and what becomes of the order. */
import { testTask } from '@continuo/agent/testing';
import { beforeEach, expect, it } from 'vitest';
import { RefundsAgent } from '../src/agents/refunds.agent.js';
import { OrdersService } from '../src/orders/orders.service.js';

let orders: OrdersService;

beforeEach(() => {
  orders = new OrdersService();
});

it('refunds an order once somebody has agreed', async () => {
  const task = await testTask(() => new RefundsAgent(orders), {
    text: 'Refund A-1001, please',
    answers: { 'Refund 40 EUR for the teapot?': 'yes' },
  });
  expect(task.text).toBe('Refunded 40 EUR for order A-1001.');
  expect(orders.find('A-1001')?.refunded).toBe(true);
});

it('leaves it when somebody says no, and until somebody answers', async () => {
  const refused = await testTask(() => new RefundsAgent(orders), { text: 'A-1001', answers: ['no'] });
  expect(refused.text).toBe('Nothing was refunded.');
  const waiting = await testTask(() => new RefundsAgent(orders), { text: 'A-1001' });
  expect(waiting.state).toBe('INPUT_REQUIRED');
  expect(orders.find('A-1001')?.refunded).toBe(false);
});

it('says that there is no such order', async () => {
  const task = await testTask(() => new RefundsAgent(orders), { text: 'A-9999' });
  expect(task).toMatchObject({ state: 'REJECTED', text: 'There is no order A-9999.' });
});
