/** When a model is asked again: not before it wants to be, and not where that can't help. */
import { expect, it } from 'vitest';
import { ModelUnavailableError } from '@continuo/agent/internal/agents/models/model-errors.js';
import { MODEL_ATTEMPTS, modelStep } from '@continuo/agent/internal/agents/models/model-step.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';

/** Tries again as a step does, without waiting in between. */
const task = {
  async step(_name, work, { maxAttempts = 1 } = {}) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work({ idempotencyKey: 'key', signal: new AbortController().signal });
      } catch (error) {
        if (attempt === maxAttempts) throw error;
      }
    }
  },
} satisfies Pick<TaskContext, 'step'>;

/** The waits that were asked for. */
async function waits(failures: readonly Error[]): Promise<readonly number[]> {
  const slept: number[] = [];
  const left = [...failures];
  const clock = { sleep: async (ms: number) => void slept.push(ms) };
  const asked = modelStep(task, clock, 'answer', async () => {
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    return 'Yes.';
  });
  await asked.catch(() => undefined);
  return slept;
}

it('waits as long as the provider says, before each attempt', async () => {
  const overloaded = (ms?: number): Error => new ModelUnavailableError('overloaded', ms);
  expect(await waits([overloaded(7_000), overloaded(), overloaded(9_000)])).toEqual([7_000]);
  expect(await waits([overloaded(7_000), overloaded(8_000)])).toEqual([7_000, 8_000]);
});

it('does not wait after the last attempt', async () => {
  const failures = Array.from({ length: MODEL_ATTEMPTS }, () => new ModelUnavailableError('overloaded', 5_000));
  expect(await waits(failures)).toHaveLength(MODEL_ATTEMPTS - 1);
});
