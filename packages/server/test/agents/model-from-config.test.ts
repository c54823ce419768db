/** Which model the configuration means. */
import { expect, it } from 'vitest';
import { nameOfModel } from '@continuo/agent/internal/agents/models/language-model.js';
import { modelFromConfig } from '../../src/agents/models/model-from-config.js';

const key = { modelApiKey: 'key', modelBaseUrl: undefined };

it.each(['anthropic/claude-sonnet-4-5', 'google/gemini-2.5-flash', 'openai/gpt-5'])(
  'makes %s with a key alone',
  (model) => {
    expect(nameOfModel(modelFromConfig({ ...key, model }))).toBe(model);
  },
);

it('keeps slashes of a model id', () => {
  const model = modelFromConfig({ ...key, model: 'openai-compatible/meta/llama', modelBaseUrl: 'http://127.0.0.1/v1' });
  expect(model.modelId).toBe('meta/llama');
  expect(nameOfModel(model)).toBe('openai-compatible/meta/llama');
});

it('is the offline model without CONTINUO_MODEL', () => {
  expect(nameOfModel(modelFromConfig({ ...key, model: undefined }))).toBe('continuo/offline');
});

it('names the variable that is missing', () => {
  expect(() => modelFromConfig({ ...key, model: 'openai-compatible/x' })).toThrow('CONTINUO_MODEL_BASE_URL');
});
