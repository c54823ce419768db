/** Joining the pieces of a stream. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { coalesce } from '@continuo/agent/internal/agents/models/coalesce.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';

async function* each(pieces: readonly string[], error?: Error): AsyncGenerator<string> {
  yield* pieces;
  if (error !== undefined) throw error;
}

async function collect(source: AsyncIterable<string>, into: string[] = []): Promise<readonly string[]> {
  for await (const piece of source) into.push(piece);
  return into;
}

it('keeps the text, whatever the pieces', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string()), fc.integer({ min: 1, max: 20 }), async (pieces, maxCharacters) => {
      const joined = await collect(coalesce(each(pieces), systemClock, { maxCharacters }));
      expect(joined.join('')).toBe(pieces.join(''));
      expect(joined).not.toContain('');
    }),
  );
});

it('makes few pieces of many', async () => {
  const tokens = Array.from({ length: 1000 }, () => 'word ');
  const clock = { sleep: () => new Promise<never>(() => undefined) };
  expect(await collect(coalesce(each(tokens), clock))).toHaveLength(25);
});

it('hands on what it holds when nothing comes for a while', async () => {
  async function* slow(): AsyncGenerator<string> {
    yield 'first';
    await new Promise(() => undefined);
  }
  const { value } = await coalesce(slow(), systemClock).next();
  expect(value).toBe('first');
});

it('passes an error on at its place, after the text before it', async () => {
  const pieces: string[] = [];
  const source = coalesce(each(['a', 'b'], new Error('broken')), systemClock);
  await expect(collect(source, pieces)).rejects.toThrow('broken');
  expect(pieces).toEqual(['ab']);
});

it('never ends a piece inside of a character, wherever the stream was cut', async () => {
  const units = 'smile 😀👍 end'.split('');
  const joined = await collect(coalesce(each(units), systemClock, { maxCharacters: 1 }));
  expect(joined.join('')).toBe('smile 😀👍 end');
  expect(joined.filter((piece) => /\p{Surrogate}/u.test(piece))).toEqual([]);
  expect((await collect(coalesce(each(['a\ud83d']), systemClock))).join('')).toBe('a\uFFFD');
});
