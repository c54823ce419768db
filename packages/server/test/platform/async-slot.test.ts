/** What belongs to the code under way: as an AsyncLocalStorage for each would keep it. */
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { AsyncSlot } from '@continuo/agent/internal/platform/async-slot.js';

const nextTurn = promisify(setImmediate);
const run = new AsyncSlot<string>('run');
const flow = new AsyncSlot<number>('flow');

it('follows the code through promises and turns, and ends with it', async () => {
  const seen = await run.run('a', async () => {
    await nextTurn();
    const inner = await flow.run(1, async () => {
      await new Promise<void>((resolve) => queueMicrotask(resolve));
      await nextTurn();
      return [run.get(), flow.get()];
    });
    return [inner, run.get(), flow.get()];
  });
  expect(seen).toEqual([['a', 1], 'a', undefined]);
  expect([run.get(), flow.get()]).toEqual([undefined, undefined]);
});

it('what one flow enters is not what another beside it finds, and leaves the other slots as they are', async () => {
  const branch = async (value: number): Promise<unknown> => {
    flow.enter(value);
    await nextTurn();
    return [run.get(), flow.get()];
  };
  const seen = await run.run('b', () => Promise.all([branch(1), branch(2)]));
  expect(seen).toEqual([
    ['b', 1],
    ['b', 2],
  ]);
});
