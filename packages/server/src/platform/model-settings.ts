/** What CONTINUO_MODEL_BASE_URL and CONTINUO_MODEL_API_KEY say: one value, or one for each provider or model. */
import { z } from 'zod';
import { jsonSetting } from './json-setting.js';

/** The value of the provider of the first model; or values by `provider` or `provider/model id`. */
export type ModelSetting = string | Readonly<Record<string, string>> | undefined;

const PROVIDER = /^(openai-compatible|openai|anthropic|google)(\/\S+)?$/;
const byName = z.record(z.string().regex(PROVIDER), z.string().min(1), {
  error: ({ code }) =>
    code === 'invalid_key'
      ? 'its names are providers (openai-compatible, openai, anthropic, google) or <provider>/<model id>'
      : undefined,
});

/** A plain value, or a JSON object of values; `check` throws for a value that can't be. */
export function parseModelSetting(text: string, check: (value: string) => void): ModelSetting {
  if (text === '') return undefined;
  if (!text.trimStart().startsWith('{')) {
    check(text);
    return text;
  }
  const { data, error } = byName.safeParse(jsonSetting(text, 'it is no JSON'));
  if (data === undefined) throw new Error(error.issues.map(({ message }) => message).join('; '));
  for (const value of Object.values(data)) check(value);
  return data;
}

/** What the setting says of `model`; a plain value is for models of the provider of `first`, if there is one. */
export function settingOf(setting: ModelSetting, model: string, first: string | undefined): string | undefined {
  if (typeof setting === 'object') return setting[model] ?? setting[providerOf(model)];
  return first === undefined || providerOf(first) === providerOf(model) ? setting : undefined;
}

/** All values of a setting. */
export function valuesOf(setting: ModelSetting): readonly string[] {
  if (setting === undefined) return [];
  return typeof setting === 'string' ? [setting] : Object.values(setting);
}

export function providerOf(model: string): string {
  return model.split('/', 1)[0] ?? model;
}
