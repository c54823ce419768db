/** Flows side by side in plain async code are told apart in the same way, whichever comes along first. */
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lineages } from '@continuo/agent/internal/runs/lineage.js';

const nextTurn = promisify(setImmediate);

type Op = (id: string, name?: string) => Promise<void>;
type Say = () => Promise<void>;

/** Runs `body`; each operation takes as many turns of the event loop as `pace` says. Answers with the place of each, by its own name. */
async function placesOf(body: (op: Op, say: Say) => Promise<unknown>, pace: () => number) {
  const lineages = new Lineages();
  const places = new Map<string, string>();
  const counts = new Map<string, number>();
  const op = async (id: string, name = id): Promise<void> => {
    const { lineage } = lineages.place();
    const place = `${lineage}:${name}`;
    const occurrence = (counts.get(place) ?? 0) + 1;
    counts.set(place, occurrence);
    places.set(id, `${place}:${occurrence}`);
    const follower = lineages.begin(`${name}:${occurrence}`);
    for (let turns = pace(); turns >= 0; turns -= 1) await nextTurn();
    follower.delivered = true;
  };
  const say = async (): Promise<void> => lineages.says();
  await lineages.run(() => body(op, say));
  return places;
}

describe('the place of an operation', () => {
  it('is told apart by its flow where names repeat', async () => {
    const body = async (op: (id: string, name?: string) => Promise<void>): Promise<void> => {
      await op('first');
      await Promise.all(
        ['a', 'b', 'c'].map(async (file) => {
          await op(`load ${file}`);
          await op(`convert ${file}`, 'convert');
          await op(`store ${file}`, 'store');
        }),
      );
      await op('last');
    };
    const slowFirst = [0, 12, 6, 1];
    const slowLast = [0, 1, 6, 12];
    const one = await placesOf(body, () => slowFirst.shift() ?? 0);
    const other = await placesOf(body, () => slowLast.shift() ?? 0);
    expect(one).toEqual(other);
    expect(new Set(one.values()).size).toBe(one.size);
    expect(one.get('last')).toBe(other.get('last'));
  });

  it('is told apart by its flow where flows begin with what they say, and whoever calls them does nothing before', async () => {
    const convert = async (op: Op, say: Say, file: string): Promise<void> => {
      await say();
      await op(`load ${file}`);
    };
    const body = async (op: Op, say: Say): Promise<unknown> =>
      Promise.all([
        op('list'),
        ...['a', 'b'].map(async (side) => {
          await Promise.all([convert(op, say, `first ${side}`), convert(op, say, `second ${side}`)]);
          await op(`store ${side}`, 'store');
          await op(`end ${side}`, 'end');
        }),
      ]);
    const slowFirst = [0, 12, 12, 1, 1, 6, 0];
    const slowLast = [0, 1, 1, 12, 12, 0, 6];
    const one = await placesOf(body, () => slowFirst.shift() ?? 0);
    const other = await placesOf(body, () => slowLast.shift() ?? 0);
    expect(one).toEqual(other);
    expect(new Set(one.values()).size).toBe(one.size);
  });

  it('is told apart by its flow where flows that do nothing but say something lie side by side', async () => {
    const body = (op: Op, say: Say): Promise<unknown> => {
      const speaker = async (): Promise<void> => {
        await say();
        await Promise.all([say(), say()]);
        await op('in it', 'y');
      };
      const caller = async (): Promise<void> => {
        await Promise.all([speaker(), say()]);
        await op('behind it', 'y');
      };
      return Promise.all([op('beside it'), caller()]);
    };
    const slowFirst = [2, 2, 0];
    const slowLast = [1, 0, 3];
    const one = await placesOf(body, () => slowFirst.shift() ?? 0);
    const other = await placesOf(body, () => slowLast.shift() ?? 0);
    expect(one).toEqual(other);
    expect(new Set(one.values()).size).toBe(one.size);
  });

  it('stays the same where code is added between others that wait for each other', async () => {
    const before = await placesOf(
      async (op) => (await op('a'), await op('b'), await op('c')),
      () => 0,
    );
    const after = await placesOf(
      async (op) => (await op('a'), await op('new'), await op('b'), await op('c')),
      () => 0,
    );
    expect(after.get('c')).toBe(before.get('c'));
  });

  it('rests on the code alone, for any tree of flows that wait for operations and what they say alone, at any pace', async () => {
    type Tree = readonly (string | readonly Tree[])[];
    const { tree } = fc.letrec<{ tree: Tree; item: string | readonly Tree[] }>((tie) => ({
      tree: fc
        .tuple(fc.constantFrom('x', 'y', 'say'), fc.array(tie('item'), { maxLength: 3 }))
        .map(([first, rest]) => [first, ...rest]),
      item: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.constantFrom('x', 'y', 'say'),
        fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
      ),
    }));
    const bodyOf =
      (items: Tree, at: string) =>
      async (op: Op, say: Say): Promise<void> => {
        for (const [index, item] of items.entries()) {
          const id = `${at}.${index}`;
          if (item === 'say') await say();
          else if (typeof item === 'string') await op(id, item);
          else await Promise.all(item.map((below, side) => bodyOf(below, `${id}/${side}`)(op, say)));
        }
      };
    await fc.assert(
      fc.asyncProperty(tree, fc.infiniteStream(fc.nat(3)), fc.infiniteStream(fc.nat(3)), async (items, one, other) => {
        const first = await placesOf(bodyOf(items, ''), () => one.next().value);
        const second = await placesOf(bodyOf(items, ''), () => other.next().value);
        expect(second).toEqual(first);
        expect(new Set(first.values()).size).toBe(first.size);
      }),
      { numRuns: 1_000 },
    );
  });
});
