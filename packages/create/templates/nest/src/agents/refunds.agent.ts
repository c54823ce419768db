/** `shop/refunds`: refunds an order once somebody has agreed. */
import { A2AAgent, A2AAgentBaseService, TaskRejectedError, type TaskContext } from '@continuo/server';
import { z } from 'zod';
import { OrdersService } from '../orders/orders.service.js';

@A2AAgent({
  type: 'shop',
  name: 'refunds',
  description: 'Refunds an order. Send its number, like A-1001.',
})
export class RefundsAgent extends A2AAgentBaseService {
  constructor(private readonly orders: OrdersService) {
    super();
  }

  async execute(task: TaskContext): Promise<string> {
    const id = /[A-Z]-\d+/i.exec(task.text)?.[0].toUpperCase();
    if (id === undefined) throw new TaskRejectedError('Which order? Send its number, like A-1001.');
    // A step runs once and its result is kept: after a crash or a restart the task goes on behind it.
    const order = await task.step('find the order', () => this.orders.find(id) ?? null);
    if (order === null) throw new TaskRejectedError(`There is no order ${id}.`);
    if (order.refunded) return `${id} was refunded before.`;
    await task.progress(0.3, 'Waiting for an approval');
    // It may take weeks: nothing is held in memory meanwhile, and the answer finds its way back here.
    const { data: decision } = await task.requestInput(
      `Refund ${order.amount} EUR for the ${order.item.toLowerCase()}?`,
      {
        schema: z.enum(['yes', 'no']),
      },
    );
    if (decision === 'no') return 'Nothing was refunded.';
    await task.step('refund', () => this.orders.refund(id));
    return `Refunded ${order.amount} EUR for order ${id}.`;
  }
}
