/** A stand-alone server with the console and agents whose traces have everything that a waterfall shows. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { A2AAgent, ContextAgentBaseService, startServer, tool } from '../../../server/dist/index.js';
import { CountdownAgent } from '../../../server/dist/agents/builtin/countdown-agent.js';
import { EchoAgent } from '../../../server/dist/agents/builtin/echo-agent.js';
import { agent } from '../../../server/test/support/test-agent.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves once the test has written the file. */
async function written(file, signal) {
  while (!(await readFile(file).catch(() => undefined))) {
    signal.throwIfAborted();
    await pause(20);
  }
}

class Clerk extends ContextAgentBaseService {
  context = 'You look things up.';
  tools = {
    look_up: tool({
      description: 'Finds an order.',
      input: z.object({ order: z.number() }),
      run: async ({ order }) => {
        await pause(60);
        return { order, state: 'paid', payment: { amount: 40, currency: 'EUR' } };
      },
    }),
  };
}
A2AAgent({ type: 'test', name: 'clerk', description: 'Looks things up.' })(Clerk);

/** The error of a payment provider, with what made it happen. */
function refuse() {
  const cause = Object.assign(new Error('connect ECONNREFUSED 10.2.3.4:443'), { code: 'ECONNREFUSED' });
  throw new Error('The payment provider answered 503', { cause });
}

let attempts = 0;

const agents = [
  EchoAgent,
  CountdownAgent,
  Clerk,
  /** `{ order, file?, fails? }`: gets stuck until the file is there, and fails at the end. */
  agent('refund', async (task) => {
    const { order, file, fails } = task.data;
    task.log.info('Refund asked for', { order });
    const found = await task.step(
      'load order',
      async () => {
        await pause(90);
        return {
          order,
          customer: 'Ada Lovelace',
          total: 40,
          items: [
            { sku: 'mug', price: 25 },
            { sku: 'pen', price: 15 },
          ],
        };
      },
      { input: { order } },
    );
    await task.progress(0.3, 'Checking the policy');
    await Promise.all([
      task.branch('fraud', async () => {
        await task.step('score customer', () => pause(140).then(() => 0.04));
        await task.step('compare addresses', () => pause(50).then(() => true));
      }),
      task.branch('stock', () =>
        task.step(
          'check stock',
          async () => {
            await pause(40);
            attempts += 1;
            if (attempts % 3 !== 0) refuse();
            return { mug: 3, pen: 120 };
          },
          { retryDelayMs: 60 },
        ),
      ),
    ]);
    if (file !== undefined) await task.step('wait for the warehouse', ({ signal }) => written(file, signal));
    const told = await task.call('test/clerk', `Is order ${order} paid?`);
    task.log.warn('The amount is above the limit', { limit: 30, total: found.total });
    const answer = await task.requestInput(`Refund ${found.total} EUR to ${found.customer}?`, {
      name: 'approve refund',
    });
    await task.step(
      'refund payment',
      async () => {
        await pause(30);
        if (fails) refuse();
        return { refunded: found.total, by: answer.text };
      },
      { maxAttempts: 3, retryDelayMs: 40, input: { order, amount: found.total, currency: 'EUR' } },
    );
    return `Refunded. ${told.text}`;
  }),
  agent('many', async (task) => {
    const { steps } = task.data;
    const one = (n) => task.step(`step ${n}`, () => ({ n }));
    for (let done = 0; done < steps; done += 500) {
      await Promise.all(Array.from({ length: Math.min(500, steps - done) }, (_, n) => one(done + n + 1)));
    }
    return 'Done.';
  }),
  /** What it is told is in names, inputs, results and errors. */
  agent('says-back', async (task) => {
    await task.step(task.text.slice(0, 100), () => ({ [task.text]: task.text, list: [task.text] }), {
      input: { [task.text]: task.text },
    });
    task.log.error(task.text, { [task.text]: task.text });
    await task.step('throw', () => Promise.reject(new Error(task.text, { cause: new TypeError(task.text) })), {
      maxAttempts: 2,
      retryDelayMs: 1,
    });
  }),
];

await startServer({ agents });
