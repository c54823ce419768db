/** Agents as users write them, for the tests of `testTask`. */
import { A2AAgent, A2AAgentBaseService, type AgentAnswer, type TaskContext } from '@continuo/agent';
import { z } from 'zod';

@A2AAgent({ type: 'shop', name: 'refunds', version: '1.0.0', description: 'Refunds orders.' })
export class RefundsAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    const order = await task.step('load order', () => ({ id: task.text, amount: 40 }));
    await task.progress(0.4, 'Checking the policy');
    const { text } = await task.requestInput(`Refund ${order.amount} EUR?`);
    if (text !== 'yes') return 'Nothing was refunded.';
    await task.step('refund', () => ({ refunded: order.amount }));
    await task.session.state.set('last refund', order.id);
    await task.artifact({ name: 'letter', parts: `Dear customer of order ${order.id}` });
    return `Refunded ${order.amount} EUR.`;
  }
}

/** The same after a change that no waiting task can take: another step where one was finished. */
@A2AAgent({ type: 'shop', name: 'refunds', version: '2.0.0', description: 'Refunds orders.' })
export class RenamedRefundsAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    const order = await task.step('find order', () => ({ id: task.text, amount: 40 }));
    const { text } = await task.requestInput(`Refund ${order.amount} EUR?`);
    return text;
  }
}

/** The same after a change that waiting tasks can take. */
@A2AAgent({ type: 'shop', name: 'refunds', version: '2.0.0', description: 'Refunds orders.' })
export class PoliteRefundsAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    const order = await task.step('load order', () => ({ id: task.text, amount: 40 }));
    const { text } = await task.requestInput(`Refund ${order.amount} EUR?`);
    await task.step('say thanks', () => 'thanks');
    return text;
  }
}

/** Steps side by side, in branches in which names repeat. */
@A2AAgent({ type: 'shop', name: 'branches', description: 'Works in branches.' })
export class BranchesAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    const names = task.text.split(' ');
    const results = await Promise.all(
      names.map((name) =>
        task.branch(name, async () => {
          const read = await task.step('read', () => name.length);
          const doubled = await task.step('double', () => read * 2);
          await task.artifact({ name, parts: [{ data: { read, doubled } }] });
          return doubled;
        }),
      ),
    );
    return `${results.reduce((sum, one) => sum + one, 0)} in all`;
  }
}

/** Questions with a schema, asked one after the other. */
@A2AAgent({ type: 'shop', name: 'questions', description: 'Asks.' })
export class QuestionsAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    const size = z.object({ size: z.int().positive() });
    const { data } = await task.requestInput('Which size?', { schema: size });
    const { text } = await task.requestInput('Which colour?');
    const order = await task.step('order', () => ({ ...data, colour: text }));
    return [{ data: order }];
  }
}

/** A step that fails for good. */
@A2AAgent({ type: 'shop', name: 'failing', description: 'Fails.' })
export class FailingAgent extends A2AAgentBaseService {
  async execute(task: TaskContext): Promise<AgentAnswer> {
    await task.step('begin', () => 1);
    await task.step(
      'break',
      () => {
        throw new Error('The printer is out of paper.');
      },
      { maxAttempts: 2, retryDelayMs: 10 },
    );
  }
}
