/** What CONTINUO_MODEL_OPTIONS says: options of providers, as the AI SDK takes them. */
import { z } from 'zod';
import { objectSetting } from './json-setting.js';

const optionsSchema = z.record(z.string().min(1), z.record(z.string(), z.json()));

/** Options by `provider`, or by `provider/model id`. */
export type ModelOptions = Readonly<z.output<typeof optionsSchema>>;

export const OPTIONS_FORM = 'JSON of objects by provider or model: {"openai":{"reasoningEffort":"low"}}';

/** Throws an Error that says what is wrong where. */
export function parseModelOptions(text: string): ModelOptions {
  return objectSetting(optionsSchema, text);
}
