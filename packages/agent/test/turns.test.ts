/** So many at the same time, in their order, and none for ever. */
import { expect, it } from 'vitest';
import { Turns } from '@continuo/agent/internal/platform/turns.js';

it('lets so many in, the next when one leaves, whatever became of that', async () => {
  const few = new Turns(2);
  const began: number[] = [];
  const leave: ((how?: Error) => void)[] = [];
  const all = [0, 1, 2, 3].map((n) =>
    few.take(() => {
      began.push(n);
      return new Promise<number>((resolve, reject) => {
        leave[n] = (how) => (how === undefined ? resolve(n) : reject(how));
      });
    }),
  );
  expect(began).toEqual([0, 1]);
  leave[1]?.(new Error('failed'));
  await expect(all[1]).rejects.toThrow('failed');
  expect(began).toEqual([0, 1, 2]);
  leave[0]?.();
  expect(await all[0]).toBe(0);
  expect(began).toEqual([0, 1, 2, 3]);
  leave[2]?.();
  leave[3]?.();
  expect(await Promise.all([all[2], all[3]])).toEqual([2, 3]);
  expect(await few.take(() => Promise.resolve('free'))).toBe('free');
});

it('refuses, untouched, whose turn does not come in time, and the place is for others', async () => {
  const few = new Turns(1);
  let leave: () => void = () => undefined;
  const first = few.take(() => new Promise<void>((resolve) => (leave = resolve)));
  let touched = false;
  const late = few.take(() => Promise.resolve((touched = true)), { ms: 10, late: () => new Error('too late') });
  await expect(late).rejects.toThrow('too late');
  leave();
  await first;
  expect(touched).toBe(false);
  expect(await few.take(() => Promise.resolve('free'))).toBe('free');
});
