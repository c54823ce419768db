/** `shop/support`: a language model that looks after the orders of a shop, with tools. */
import { A2AAgent, ContextAgentBaseService, tool } from '@continuo/server';
import { z } from 'zod';
import { Orders } from '../orders.js';

const id = z.string().describe('The number of the order, like A-1001');

@A2AAgent({
  type: 'shop',
  name: 'support',
  description: 'Answers questions about orders, and cancels them.',
  skills: [
    {
      id: 'orders',
      name: 'Orders',
      description: 'Tells where an order is, and cancels it.',
      tags: ['orders', 'shop'],
      examples: ['Where is my order A-1001?', 'Please cancel A-1002.'],
    },
  ],
})
export class SupportAgent extends ContextAgentBaseService {
  constructor(private readonly orders: Orders) {
    super();
  }

  /** The system prompt, in Markdown. The session's messages come behind it by themselves. */
  protected override readonly context = `# Role
You look after the orders of a small shop. Answer in one or two friendly sentences.

# Rules
- Look an order up before you say anything about it. Never guess.
- When no number is given, ask for it. It looks like A-1001.
- Cancel an order only when the customer asks for that.`;

  /** What the model may call. Each call is a durable step: a crash repeats none that has finished. */
  protected override readonly tools = {
    findOrder: tool({
      description: 'Looks up an order: what was bought, and whether it is packed, sent or cancelled.',
      input: z.object({ id }),
      run: (order) => this.orders.find(order.id) ?? `There is no order ${order.id}.`,
    }),
    cancelOrder: tool({
      description: 'Cancels an order that has not been sent yet.',
      input: z.object({ id }),
      // A person is asked first. The task waits as long as it takes, across restarts, and costs nothing meanwhile.
      approve: 'always',
      run: (order) => this.orders.cancel(order.id),
    }),
  };
}
