/** The language model that the configuration names. */
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { Config } from '../../platform/config.js';
import { counted } from '../../platform/egress/counted-answers.js';
import { ContinuoError } from '../../platform/errors.js';
import type { LanguageModel } from './language-model.js';
import { offlineModel } from './offline-model.js';

/** CONTINUO_MODEL's `<provider>/<model id>`, or the offline model without one. Throws CONFIG_INVALID; calls nobody. */
export function modelFromConfig(config: Pick<Config, 'model' | 'modelBaseUrl' | 'modelApiKey'>): LanguageModel {
  const { model, modelBaseUrl: baseURL, modelApiKey: apiKey } = config;
  if (model === undefined) return offlineModel;
  // The model id itself may contain slashes.
  const slash = model.indexOf('/');
  const provider = model.slice(0, slash);
  const id = model.slice(slash + 1);
  const fetch = counted((input, init) => globalThis.fetch(input, init));
  switch (provider) {
    case 'anthropic':
      return createAnthropic({ baseURL, apiKey, fetch }).languageModel(id);
    case 'google':
      return createGoogleGenerativeAI({ baseURL, apiKey, fetch }).languageModel(id);
    case 'openai-compatible':
      if (baseURL === undefined) throw invalid('CONTINUO_MODEL_BASE_URL is missing; openai-compatible needs it');
      return createOpenAICompatible({ name: provider, baseURL, apiKey, fetch, includeUsage: true }).languageModel(id);
    default:
      throw invalid(`CONTINUO_MODEL names the provider "${provider}"; expected openai-compatible, anthropic or google`);
  }
}

function invalid(problem: string): ContinuoError {
  return new ContinuoError('CONFIG_INVALID', `${problem}.`);
}
