/** The providers of models that the configuration may name, each as the AI SDK speaks with it. */
import type { EmbeddingModelV3, LanguageModelV3 } from '@ai-sdk/provider';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Config } from '../../platform/config.js';
import { loadInstalled } from '../../platform/optional-parts.js';
import { counted } from '../../platform/egress/counted-answers.js';
import { providerOf, settingOf } from '../../platform/model-settings.js';
import { streamed } from './streamed-answers.js';

interface Provider {
  languageModel(id: string): LanguageModelV3;
  /** Anthropic has none. */
  embeddingModel?(id: string): EmbeddingModelV3;
}

/** Where the provider of a configured model is, and with which key. */
export type ProviderConfig = Pick<Config, 'model' | 'modelBaseUrl' | 'modelApiKey'>;

/** The provider of `model` (`<provider>/<model id>`), and the model's id, which may contain slashes. Throws CONFIG_INVALID and PACKAGE_MISSING; calls nobody. */
export function providerFor(
  model: string,
  { model: first, ...settings }: ProviderConfig,
): { readonly provider: Provider; readonly id: string } {
  const name = providerOf(model);
  const baseURL = settingOf(settings.modelBaseUrl, model, first);
  const apiKey = settingOf(settings.modelApiKey, model, first);
  const fetch = counted((input, init) => globalThis.fetch(input, init));
  const provider = providerCalled(name, { baseURL, apiKey, fetch });
  const inEvents = providerCalled(name, { baseURL, apiKey, fetch: streamed(fetch) });
  const languageModel = (id: string) => streamedBy(inEvents.languageModel(id), provider.languageModel(id));
  return { provider: { ...provider, languageModel }, id: model.slice(name.length + 1) };
}

/** `model`, of which `inEvents` streams. */
function streamedBy(inEvents: LanguageModelV3, model: LanguageModelV3): LanguageModelV3 {
  return {
    specificationVersion: 'v3',
    provider: model.provider,
    modelId: model.modelId,
    supportedUrls: model.supportedUrls,
    doGenerate: (options) => model.doGenerate(options),
    doStream: (options) => inEvents.doStream(options),
  };
}

function providerCalled(
  name: string,
  options: {
    readonly baseURL: string | undefined;
    readonly apiKey: string | undefined;
    readonly fetch: typeof globalThis.fetch;
  },
): Provider {
  const { baseURL, apiKey, fetch } = options;
  switch (name) {
    case 'anthropic': {
      const { createAnthropic } = load<typeof import('@ai-sdk/anthropic')>(name);
      const anthropic = createAnthropic({ baseURL, apiKey, fetch });
      return { languageModel: (id) => anthropic.languageModel(id) };
    }
    case 'google': {
      const { createGoogleGenerativeAI } = load<typeof import('@ai-sdk/google')>(name);
      return createGoogleGenerativeAI({ baseURL, apiKey, fetch });
    }
    case 'openai': {
      const { createOpenAI } = load<typeof import('@ai-sdk/openai')>(name);
      return createOpenAI({ baseURL, apiKey, fetch });
    }
    case 'openai-compatible': {
      const { createOpenAICompatible } = load<typeof import('@ai-sdk/openai-compatible')>(name);
      if (baseURL === undefined) throw invalid('CONTINUO_MODEL_BASE_URL is missing; openai-compatible needs it');
      return createOpenAICompatible({ name, baseURL, apiKey, fetch, includeUsage: true });
    }
    default:
      throw invalid(
        `CONTINUO_MODEL names the provider "${name}"; expected openai, openai-compatible, anthropic or google`,
      );
  }
}

/** Only the provider that is used: each takes its time. */
function load<Module>(name: 'anthropic' | 'google' | 'openai' | 'openai-compatible'): Module {
  return loadInstalled(name, `A model of ${name}`) as Module;
}

function invalid(problem: string): ContinuoError {
  return new ContinuoError('CONFIG_INVALID', `${problem}.`);
}
