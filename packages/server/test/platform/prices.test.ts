/** What calls of language models cost. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Prices } from '../../src/platform/prices.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';

const directory = await makeTemporaryDirectory('prices');

async function pricesOf(text: string): Promise<Prices> {
  const path = join(directory, 'prices.json');
  await writeFile(path, text);
  return Prices.from(path);
}

const own = {
  'a/plain': { input: 1, output: 2 },
  'a/*': { input: 3 },
  'a/ca*': { input: 10, cachedInput: 1, cacheWrite: 12 },
};

it('counts what was cached, and what is from now on, at prices of their own', async () => {
  const prices = await pricesOf(JSON.stringify({ models: own }));
  expect(prices.nanosOf('a/plain', { inputTokens: 1_000_000, outputTokens: 500_000 })).toBe(2_000_000_000);
  expect(prices.nanosOf('a/plain', { inputTokens: 10, cachedInputTokens: 4 })).toBe(10_000);
  const tokens = { inputTokens: 100, cachedInputTokens: 50, cacheWriteTokens: 25 };
  expect(prices.nanosOf('a/cached', tokens)).toBe((25 * 10 + 50 + 25 * 12) * 1_000);
});

it('knows a model by its name, by the day that is behind it, and by the longest beginning', async () => {
  const prices = await pricesOf(JSON.stringify({ models: own }));
  expect(prices.nanosOf('a/plain', { inputTokens: 1 })).toBe(1_000);
  expect(prices.nanosOf('a/other', { inputTokens: 1 })).toBe(3_000);
  expect(prices.nanosOf('a/cat', { inputTokens: 1 })).toBe(10_000);
  expect(prices.nanosOf('b/other', { inputTokens: 1 })).toBeUndefined();
  expect(prices.nanosOf('a/plain', {})).toBeUndefined();
  const builtIn = Prices.from(undefined);
  expect(builtIn.nanosOf('anthropic/claude-sonnet-4-5-20250929', { outputTokens: 1 })).toBe(15_000);
  expect(builtIn.nanosOf('openai/gpt-5.4-2026-03-05', { outputTokens: 1 })).toBe(15_000);
});

it('takes the prices of long prompts for all of such a call', () => {
  const prices = Prices.from(undefined);
  expect(prices.nanosOf('google/gemini-2.5-pro', { inputTokens: 200_000, outputTokens: 1 })).toBe(250_010_000);
  expect(prices.nanosOf('google/gemini-2.5-pro', { inputTokens: 200_001, outputTokens: 1 })).toBe(500_017_500);
});

it("puts the operator's prices before the built-in ones", async () => {
  const prices = await pricesOf(JSON.stringify({ models: { 'openai/gpt-5.4': { input: 0 } } }));
  expect(prices.nanosOf('openai/gpt-5.4', { inputTokens: 9 })).toBe(0);
  expect(prices.nanosOf('openai/gpt-5.5', { inputTokens: 1 })).toBe(5_000);
});

it('says what is wrong with a file, and where', async () => {
  await expect(pricesOf('{')).rejects.toThrow('CONTINUO_PRICES are not usable: it is no JSON');
  await expect(pricesOf('{"models":{"a/b":{"input":-1}}}')).rejects.toThrow('input');
  await expect(pricesOf('{"models":{"b":{"input":1}}}')).rejects.toThrow('provider/model id');
  expect(() => Prices.from(join(directory, 'missing.json'))).toThrow("can't be read");
});
