/** What CONTINUO_MODEL_OPTIONS says: options of providers, as the AI SDK takes them. */
import { z } from 'zod';
import { jsonSetting } from './json-setting.js';

const optionsSchema = z.record(z.string().min(1), z.record(z.string(), z.json()));

/** Options by `provider`, or by `provider/model id`. */
export type ModelOptions = Readonly<z.output<typeof optionsSchema>>;

export const OPTIONS_FORM = 'JSON of objects by provider or model: {"openai":{"reasoningEffort":"low"}}';

/** Throws an Error that says what is wrong where. */
export function parseModelOptions(text: string): ModelOptions {
  if (text.trim() === '') return {};
  const { data, error } = optionsSchema.safeParse(jsonSetting(text, 'it is no JSON'));
  if (data !== undefined) return data;
  throw new Error(error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; '));
}
