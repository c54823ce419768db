/** Several models in the place of one: which of them is asked, and which is left alone. */
import { expect, it } from 'vitest';
import { askInTurn, withFallbacks } from '@continuo/agent/internal/agents/models/fallbacks.js';
import { nameOfModel, type LanguageModel } from '@continuo/agent/internal/agents/models/language-model.js';
import { ModelUnavailableError, ModelUnusableError } from '@continuo/agent/internal/agents/models/model-errors.js';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { modelFromConfig } from '../../src/agents/models/model-from-config.js';

const key = { modelBaseUrl: undefined, modelApiKey: 'key' };

function chain(): LanguageModel {
  return modelFromConfig({ ...key, model: 'anthropic/a, google/b,openai/c' });
}

/** Asks `model` at a time, in seconds; answers with the name of the one that does. */
function asker(model: LanguageModel) {
  const asked: string[] = [];
  return {
    asked,
    ask: (at: number, failures: Readonly<Record<string, Error>> = {}): Promise<string> => {
      asked.length = 0;
      return askInTurn(model, { now: () => new Date(at * 1_000) }, async (one) => {
        const name = nameOfModel(one);
        asked.push(name);
        const failure = failures[name];
        if (failure !== undefined) throw failure;
        return name;
      });
    },
  };
}

it('asks the first as long as it answers', async () => {
  const { ask, asked } = asker(chain());
  expect(await ask(0)).toBe('anthropic/a');
  expect(asked).toEqual(['anthropic/a']);
});

it('asks the next one when one is away, leaves that alone for a while, and then asks it again', async () => {
  const { ask, asked } = asker(chain());
  expect(await ask(0, { 'anthropic/a': new ModelUnavailableError('away') })).toBe('google/b');
  expect(await ask(29)).toBe('google/b');
  expect(asked).toEqual(['google/b']);
  expect(await ask(31)).toBe('anthropic/a');
});

it('leaves one alone for as long as it says itself, and longer when it refuses the key', async () => {
  const { ask } = asker(chain());
  const failures = {
    'anthropic/a': new ModelUnavailableError('busy', 2_000),
    'google/b': new ModelUnusableError('key'),
  };
  expect(await ask(0, failures)).toBe('openai/c');
  expect(await ask(3, { 'anthropic/a': new ModelUnavailableError('busy', 60_000) })).toBe('openai/c');
  expect(await ask(62)).toBe('openai/c');
  expect(await ask(64)).toBe('anthropic/a');
});

it('asks all of them when all are left alone, and says of each why it did not answer', async () => {
  const { ask, asked } = asker(chain());
  const away = (name: string) => new ModelUnavailableError(`${name} is away.`);
  const all = { 'anthropic/a': away('a'), 'google/b': away('b'), 'openai/c': new ModelUnusableError('c has no key.') };
  await expect(ask(0, all)).rejects.toThrow('a is away. b is away. c has no key.');
  await expect(ask(1, all)).rejects.toBeInstanceOf(ModelUnavailableError);
  expect(asked).toHaveLength(3);
  expect(await ask(2, { 'anthropic/a': away('a') })).toBe('google/b');
});

it('asks nobody else what is refused for what it is', async () => {
  const { ask, asked } = asker(chain());
  await expect(ask(0, { 'anthropic/a': new TerminalError('too long') })).rejects.toThrow('too long');
  expect(asked).toEqual(['anthropic/a']);
});

it('a model alone is asked again and again', async () => {
  const { ask, asked } = asker(modelFromConfig({ ...key, model: 'anthropic/a' }));
  await expect(ask(0, { 'anthropic/a': new ModelUnavailableError('away') })).rejects.toThrow('away');
  expect(await ask(1)).toBe('anthropic/a');
  expect(asked).toEqual(['anthropic/a']);
});

it('whoever asks the chain itself asks its first', () => {
  const first = modelFromConfig({ ...key, model: 'anthropic/a' });
  expect(nameOfModel(withFallbacks(first, modelFromConfig({ ...key, model: 'google/b' })))).toBe('anthropic/a');
  expect(withFallbacks(first)).toBe(first);
});
