/** The providers of models that the configuration may name, each as the AI SDK speaks with it. */
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { EmbeddingModelV3, LanguageModelV3 } from '@ai-sdk/provider';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Config } from '../../platform/config.js';
import { counted } from '../../platform/egress/counted-answers.js';
import { providerOf, settingOf } from '../../platform/model-settings.js';

interface Provider {
  languageModel(id: string): LanguageModelV3;
  /** Anthropic has none. */
  embeddingModel?(id: string): EmbeddingModelV3;
}

/** Where the provider of a configured model is, and with which key. */
export type ProviderConfig = Pick<Config, 'model' | 'modelBaseUrl' | 'modelApiKey'>;

/** The provider of `model` (`<provider>/<model id>`), and the model's id, which may contain slashes. Throws CONFIG_INVALID; calls nobody. */
export function providerFor(
  model: string,
  { model: first, ...settings }: ProviderConfig,
): { readonly provider: Provider; readonly id: string } {
  const name = providerOf(model);
  const baseURL = settingOf(settings.modelBaseUrl, model, first);
  const apiKey = settingOf(settings.modelApiKey, model, first);
  return { provider: providerCalled(name, { baseURL, apiKey }), id: model.slice(name.length + 1) };
}

function providerCalled(
  name: string,
  { baseURL, apiKey }: { readonly baseURL: string | undefined; readonly apiKey: string | undefined },
): Provider {
  const fetch = counted((input, init) => globalThis.fetch(input, init));
  switch (name) {
    case 'anthropic': {
      const anthropic = createAnthropic({ baseURL, apiKey, fetch });
      return { languageModel: (id) => anthropic.languageModel(id) };
    }
    case 'google':
      return createGoogleGenerativeAI({ baseURL, apiKey, fetch });
    case 'openai':
      return createOpenAI({ baseURL, apiKey, fetch });
    case 'openai-compatible':
      if (baseURL === undefined) throw invalid('CONTINUO_MODEL_BASE_URL is missing; openai-compatible needs it');
      return createOpenAICompatible({ name, baseURL, apiKey, fetch, includeUsage: true });
    default:
      throw invalid(
        `CONTINUO_MODEL names the provider "${name}"; expected openai, openai-compatible, anthropic or google`,
      );
  }
}

function invalid(problem: string): ContinuoError {
  return new ContinuoError('CONFIG_INVALID', `${problem}.`);
}
