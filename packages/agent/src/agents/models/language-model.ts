/** The language model that agents are given: what Nest injects, and how people are told which one it is. */
import type { LanguageModelV3 } from '@ai-sdk/provider';

/** A model of the AI SDK: any provider's, or Continuo's offline model. */
export type LanguageModel = LanguageModelV3;

/**
 * The token under which agents and their services inject the server's language model (CONTINUO_MODEL): a
 * `LanguageModel`, the offline model where none is configured.
 */
export const LANGUAGE_MODEL = Symbol('continuo:language-model');

/** As CONTINUO_MODEL writes it: `<provider>/<model id>`. */
export function nameOfModel(model: Pick<LanguageModel, 'provider' | 'modelId'>): string {
  return `${providerOfModel(model)}/${model.modelId}`;
}

/** As CONTINUO_MODEL writes it. */
export function providerOfModel({ provider }: Pick<LanguageModel, 'provider'>): string {
  return provider.split('.', 1)[0] ?? provider;
}
