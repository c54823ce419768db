/** What steps and calls throw is the same in the run in which they fail and in every later one, so code that goes by it goes the same way. */
import {
  A2AAgent,
  A2AAgentBaseService,
  ContinuoError,
  StepFailedError,
  TaskRejectedError,
  TerminalError,
  type AgentAnswer,
  type TaskContext,
} from '@continuo/agent';
import { ChildFailedError } from '@continuo/agent/internal/agents/child-failed.js';
import { errorKinds } from '@continuo/agent/internal/agents/error-kinds.js';
import { toRefusal, toStepError } from '@continuo/agent/internal/runs/refusal.js';
import { testTask, type TestedTask } from '@continuo/agent/testing';
import { describe, expect, it } from 'vitest';

function tested(execute: (task: TaskContext) => Promise<AgentAnswer>): Promise<TestedTask> {
  @A2AAgent({ type: 'shop', name: 'orders', description: 'Takes orders.' })
  class OrdersAgent extends A2AAgentBaseService {
    override execute(task: TaskContext): Promise<AgentAnswer> {
      return execute(task);
    }
  }
  return testTask(OrdersAgent, { text: 'go', calls: { 'shop/stock': new Error('The shelf is empty.') } });
}

class OutOfStock extends TerminalError {
  override readonly name: string = 'OutOfStock';

  constructor(readonly sku: string) {
    super(`${sku} is out of stock.`);
  }
}

function failing(): never {
  const refused = Object.assign(new TypeError('connect ECONNREFUSED'), { code: 'ECONNREFUSED', port: 5432 });
  const all = new AggregateError([refused], 'Nobody is there.');
  throw Object.assign(new RangeError('Reading failed.', { cause: all }), { code: 'ENOENT', status: 404, request: {} });
}

/** What code can go by of an error. */
function seen(error: unknown): unknown {
  if (!(error instanceof Error)) return error === undefined ? undefined : `no error: ${typeof error}`;
  const { name, message, cause } = error;
  const kinds = [TypeError, RangeError, AggregateError, StepFailedError, TerminalError, TaskRejectedError, OutOfStock];
  const classes = [...kinds, ContinuoError, ChildFailedError].filter((kind) => error instanceof kind);
  const errors = error instanceof AggregateError ? error.errors.map(seen) : [];
  const fields = { ...Object.fromEntries(Object.entries(error)), cause: undefined };
  return { name, message, is: classes.map((kind) => kind.name), fields, cause: seen(cause), errors };
}

/** What is caught in the first run, and in the runs after it. */
async function caught(fail: (task: TaskContext) => Promise<unknown>): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  const task = await tested(async (context) => {
    await fail(context).catch((error: unknown) => all.push(seen(error)));
    await context.step('tell', () => 'told');
    return 'Done.';
  });
  expect((await task.crashAfter('tell')).outcome).toEqual(task.outcome);
  await task.replay();
  return all;
}

const once = { maxAttempts: 1 };

describe('code is given the same error in every run', () => {
  it.each<readonly [string, (task: TaskContext) => Promise<unknown>]>([
    ['a class of the agent', (task) => task.step('check', () => Promise.reject(new OutOfStock('boots')))],
    ['with codes, fields and causes', (task) => task.step('check', failing, once)],
    ['a text', (task) => task.step('check', () => Promise.reject('just text'), once)],
    ['an object', (task) => task.step('check', () => Promise.reject({ status: 500, body: {} }), once)],
    [
      'a refusal',
      (task) => task.step('check', () => Promise.reject(new TaskRejectedError('No.', { parts: [{ data: 1 }] }))),
    ],
    [
      'with a code of Continuo',
      (task) =>
        task.step(
          'check',
          () =>
            Promise.reject(
              new ContinuoError('QUOTA_EXCEEDED', 'Too many.', { retryAfterSeconds: 3, metadata: { of: 'tasks' } }),
            ),
          once,
        ),
    ],
    ['a child that failed', (task) => task.step('check', () => task.call('shop/stock', 'boots?'))],
    [
      'of another step',
      (task) =>
        task
          .step('check', failing, once)
          .catch((error: unknown) => task.step('again', () => Promise.reject(error), once)),
    ],
    [
      'that can not be read',
      (task) =>
        task.step(
          'check',
          () =>
            Promise.reject(
              new Proxy(new Error('x'), {
                get: () => {
                  throw new Error('no');
                },
              }),
            ),
          once,
        ),
    ],
    ['a call that is refused', (task) => task.call('shop/nobody', 'boots?')],
  ])('%s', async (_, fail) => {
    const [first, ...later] = await caught(fail);
    expect(first).toBeDefined();
    expect(later).toEqual(later.map(() => first));
    expect(later.length).toBeGreaterThan(1);
  });

  it('and it has what code goes by', async () => {
    const [first] = await caught((task) => task.step('check', failing, once));
    expect(first).toMatchObject({
      name: 'StepFailedError',
      cause: {
        name: 'RangeError',
        is: ['RangeError'],
        fields: { code: 'ENOENT', status: 404 },
        cause: {
          is: ['AggregateError'],
          errors: [{ is: ['TypeError'], fields: { code: 'ECONNREFUSED', port: 5432 } }],
        },
      },
    });
    const [out] = await caught((task) => task.step('check', () => Promise.reject(new OutOfStock('boots'))));
    expect(out).toMatchObject({ name: 'OutOfStock', is: ['TerminalError'], fields: { sku: 'boots' } });
  });
});

it('a task that is rejected in a step is rejected after a crash, with its parts', async () => {
  const task = await tested((context) =>
    context.step('check', () => Promise.reject(new TaskRejectedError('no', { parts: [{ data: { code: 7 } }] }))),
  );
  expect([task.state, task.data]).toEqual(['REJECTED', { code: 7 }]);
  expect((await task.crashAfter('check')).outcome).toEqual(task.outcome);
});

it('a task that fails for a child keeps its id', async () => {
  const task = await tested((context) =>
    context.step('check', async () => (await context.call('shop/stock', '?')).text),
  );
  expect(task.failure?.childTaskId).toBeDefined();
  expect((await task.crashAfter('check')).failure).toEqual(task.failure);
});

it('what tells of a failure shows where it came from', async () => {
  let stack = '';
  await tested(async (context) => {
    await context.step('check', failing, once).catch(({ cause }: { cause: Error }) => (stack = cause.stack ?? ''));
    return 'Done.';
  });
  expect(stack).toContain('errors-in-every-run.test.ts');
});

it('of a journal that an older version has written the errors are what they were', () => {
  const kinds = errorKinds;
  expect(seen(toStepError('check', { causes: ['No.'], terminal: true, attempts: 1 }, kinds))).toMatchObject({
    message: 'No.',
    is: ['TerminalError'],
  });
  const failed = toStepError('check', { causes: ['One.', 'Two.'], terminal: false }, kinds);
  expect(seen(failed)).toMatchObject({ message: 'Step "check" failed 2 times: Two.', is: ['StepFailedError'] });
  const refused = { causes: ['Nobody.'], terminal: true, code: 'AGENT_NOT_FOUND', field: 'agent' };
  expect(toRefusal(refused, kinds)).toMatchObject({ code: 'AGENT_NOT_FOUND', message: 'Nobody.', field: 'agent' });
});
