/** Group commit in isolation: everything once, in order for each key, together where it may be, and apart when it fails. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batcher } from '../../src/platform/batcher.js';
import { until } from '../support/until.js';

interface Item {
  readonly key: string;
  readonly n: number;
}

/** A batcher whose batches take the turns of the event loop that `turns` says, one number for each batch. */
function batcherOf(turns: readonly number[], limits: { readonly maxItems?: number; readonly maxInFlight?: number }) {
  const batches: (readonly Item[])[] = [];
  const ended: Item[] = [];
  const underWay = new Map<string, number>();
  let mostAtOnce = 0;
  let inFlight = 0;
  const run = async (items: readonly Item[]): Promise<readonly number[]> => {
    batches.push(items);
    inFlight += 1;
    mostAtOnce = Math.max(mostAtOnce, inFlight);
    for (const { key } of items) underWay.set(key, (underWay.get(key) ?? 0) + 1);
    if ([...underWay.values()].some((count) => count > 1)) throw new Error('a key was under way twice');
    for (let turn = turns[batches.length % turns.length] ?? 0; turn > 0; turn -= 1) await new Promise(setImmediate);
    for (const { key } of items) underWay.set(key, 0);
    ended.push(...items);
    inFlight -= 1;
    return items.map(({ n }) => n * 2);
  };
  return {
    batcher: new Batcher<Item, number>({ run, keyOf: ({ key }) => key, ...limits }),
    batches,
    ended,
    most: () => mostAtOnce,
  };
}

const never = (): Promise<never> => new Promise(() => undefined);

describe('Batcher', () => {
  it('refuses, untouched, what waits longer than it may while batches hang, and what is too much at once', async () => {
    const seen: string[] = [];
    const run = (items: readonly string[]): Promise<never> => {
      seen.push(...items);
      return never();
    };
    const batcher = new Batcher<string, never>({ run, maxInFlight: 1, waitMs: 20, maxWaiting: 2 });
    void batcher.submit('hangs');
    await new Promise(setImmediate);
    const waiting = [batcher.submit('first'), batcher.submit('second')];
    const tooMuch = batcher.submit('third');
    for (const refused of [tooMuch, ...waiting]) await expect(refused).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(seen).toEqual(['hangs']);
    // There is room again, and its time begins anew.
    await expect(batcher.submit('fourth')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('carries out everything once, in order for each key, and gives each its own result', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), pause: fc.boolean() }), { maxLength: 60 }),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 5 }),
        fc.record({ maxItems: fc.integer({ min: 1, max: 5 }), maxInFlight: fc.integer({ min: 1, max: 3 }) }),
        async (asked, turns, limits) => {
          const { batcher, batches, ended, most } = batcherOf(turns, limits);
          const results: Promise<number>[] = [];
          for (const [n, { key, pause }] of asked.entries()) {
            results.push(batcher.submit({ key, n }));
            if (pause) await new Promise(setImmediate);
          }
          expect(await Promise.all(results)).toEqual(asked.map((_, n) => n * 2));
          expect(ended).toHaveLength(asked.length);
          for (const key of ['a', 'b', 'c', 'd']) {
            const order = ended.filter((item) => item.key === key).map(({ n }) => n);
            expect(order).toEqual(order.toSorted((x, y) => x - y));
          }
          expect(batches.every((batch) => batch.length <= limits.maxItems)).toBe(true);
          expect(most()).toBeLessThanOrEqual(limits.maxInFlight);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('puts together what is asked for in the same turn, and what comes while others are on their way', async () => {
    const { batcher, batches } = batcherOf([3], { maxInFlight: 1 });
    const first = ['a', 'b', 'c'].map((key, n) => batcher.submit({ key, n }));
    await new Promise(setImmediate);
    const later = ['d', 'e', 'f', 'g'].map((key, n) => batcher.submit({ key, n }));
    await Promise.all([...first, ...later]);
    expect(batches.map((batch) => batch.map(({ key }) => key).join(''))).toEqual(['abc', 'defg']);
  });

  it('fails one alone, whether its result is an error or the batch fails because of it, and goes on afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('good', 'good', 'good', 'refused', 'poison'), { minLength: 1, maxLength: 40 }),
        async (items) => {
          const carriedOut: number[] = [];
          const batcher = new Batcher<{ readonly kind: string; readonly n: number }, number>({
            run: async (batch) => {
              if (batch.some(({ kind }) => kind === 'poison')) throw new Error('poison');
              carriedOut.push(...batch.filter(({ kind }) => kind === 'good').map(({ n }) => n));
              return batch.map(({ kind, n }) => (kind === 'refused' ? new Error('refused') : n));
            },
          });
          const outcomes = await Promise.allSettled(items.map((kind, n) => batcher.submit({ kind, n })));
          expect(
            outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason))),
          ).toEqual(items.map((kind, n) => (kind === 'good' ? n : `Error: ${kind}`)));
          expect(carriedOut).toEqual(items.flatMap((kind, n) => (kind === 'good' ? [n] : [])));
          expect(await batcher.submit({ kind: 'good', n: -1 })).toBe(-1);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('fails all of a batch when the connection is lost, without asking again', async () => {
    let batches = 0;
    const batcher = new Batcher<string, string>({
      run: async () => {
        batches += 1;
        throw Object.assign(new Error('the server is gone'), { code: 'ECONNRESET' });
      },
    });
    const together = await Promise.allSettled(['x', 'y', 'z'].map((item) => batcher.submit(item)));
    expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(batches).toBe(1);
  });

  it('of a batch that took too long the slow item fails alone, and nothing waits for that', async () => {
    const tooLong = Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });
    let giveUp: () => void = () => undefined;
    const patience = new Promise<void>((resolve) => (giveUp = resolve));
    const batches: string[] = [];
    const run = async (items: readonly string[]): Promise<readonly string[]> => {
      batches.push(items.join(' '));
      if (!items.includes('locked')) return items;
      if (items.length === 1) await patience;
      throw tooLong;
    };
    const batcher = new Batcher<string, string>({ run, keyOf: (item) => item, maxInFlight: 1 });
    const [before, locked, after] = ['a', 'locked', 'b'].map((item) => batcher.submit(item));
    expect(await before).toBe('a');
    // Also of the same kind, and while the locked one is waited for.
    expect(await Promise.all(['c', 'd'].map((item) => batcher.submit(item)))).toEqual(['c', 'd']);
    giveUp();
    await expect(locked).rejects.toBe(tooLong);
    expect(await after).toBe('b');
    expect(batches).toEqual(['a locked b', 'a', 'locked', 'c d', 'b']);
    expect(await Promise.all(['a', 'b'].map((item) => batcher.submit(item)))).toEqual(['a', 'b']);
  });

  it('of batches that are stuck, as two wait for locks, others do not wait', async () => {
    let giveUp: () => void = () => undefined;
    const locks = new Promise<void>((resolve) => (giveUp = resolve));
    let [underWay, most] = [0, 0];
    const run = async (items: readonly string[]): Promise<readonly string[]> => {
      underWay += 1;
      most = Math.max(most, underWay);
      if (items.some((item) => item.startsWith('locked'))) await locks;
      underWay -= 1;
      return items;
    };
    const batcher = new Batcher<string, string>({ run, keyOf: (item) => item });
    const locked: Promise<string>[] = [];
    for (const item of ['locked 1', 'locked 2']) {
      locked.push(batcher.submit(item));
      await until(() => underWay === locked.length, { what: `${item} to be under way` });
    }
    for (let n = 0; n < 3; n += 1) expect(await batcher.submit(`free ${n}`)).toBe(`free ${n}`);
    // There is an end to it.
    for (const item of ['locked 3', 'locked 4']) {
      locked.push(batcher.submit(item));
      await until(() => underWay === locked.length, { what: `${item} to be under way` });
    }
    const last = batcher.submit('free');
    giveUp();
    expect(await Promise.all([...locked, last])).toHaveLength(5);
    expect(most).toBe(4);
  });

  it('gives a batch up in which one after the other takes too long: it is not for the items', async () => {
    const batches: string[] = [];
    const batcher = new Batcher<string, string>({
      run: async (items) => {
        batches.push(items.join(''));
        throw Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });
      },
    });
    const together = await Promise.allSettled(['x', 'y', 'z', 'u'].map((item) => batcher.submit(item)));
    expect(together.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    expect(batches).toEqual(['xyzu', 'x', 'y']);
  });

  it('tries again at once after a deadlock', async () => {
    let batches = 0;
    const batcher = new Batcher<string, string>({
      run: async (items) => {
        batches += 1;
        if (batches === 1) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
        return items;
      },
    });
    expect(await Promise.all(['x', 'y'].map((item) => batcher.submit(item)))).toEqual(['x', 'y']);
    expect(batches).toBe(2);
  });
});
