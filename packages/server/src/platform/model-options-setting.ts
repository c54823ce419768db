/** What CONTINUO_MODEL_OPTIONS says: options of providers, as the AI SDK takes them. */
import { z } from 'zod';
import type { ModelOptions } from '@continuo/agent/internal/platform/model-options.js';
import { objectSetting } from './json-setting.js';

const optionsSchema = z.record(z.string().min(1), z.record(z.string(), z.json()));

export const OPTIONS_FORM = 'JSON of objects by provider or model: {"openai":{"reasoningEffort":"low"}}';

/** Throws an Error that says what is wrong where. */
export function parseModelOptions(text: string): ModelOptions {
  return objectSetting(optionsSchema, text);
}
