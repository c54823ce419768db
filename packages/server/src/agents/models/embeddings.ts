/** Texts as vectors, by the embedding model that the configuration names: what is alike in meaning is near. */
import type { EmbeddingModelV3 } from '@ai-sdk/provider';
import type { Config } from '../../platform/config.js';
import { ContinuoError } from '../../platform/errors.js';
import { wellFormed } from '../../platform/text.js';
import { nameOfModel } from './language-model.js';
import { ModelUnavailableError, toModelError } from './model-errors.js';
import { providerFor, type ProviderConfig } from './model-providers.js';
import { mayAsk, noteSpent } from './spent.js';

/** What Nest injects: `Embeddings`, or undefined where no embedding model is configured. */
export const EMBEDDINGS = Symbol('continuo:embeddings');

export interface Embedded {
  /** One vector for each text, in their order, all of the same length. */
  readonly vectors: readonly (readonly number[])[];
  /** As far as the provider counts them. */
  readonly tokens: number | undefined;
}

export interface Embeddings {
  /** `provider/model id`: vectors of different models can't be compared. */
  readonly model: string;
  /**
   * As many texts as the provider takes at once go in one request. No texts cost nothing. Throws ModelUnavailableError
   * when trying again may help, TerminalError when it can't, and the signal's reason.
   *
   * @example
   * const { vectors } = await embeddings.embed(['I live in Rome.', 'Where do I live?'], signal);
   */
  readonly embed: (texts: readonly string[], signal?: AbortSignal) => Promise<Embedded>;
}

type EmbeddingsConfig = ProviderConfig & Pick<Config, 'embeddingModel' | 'modelTimeoutMs'>;

/** CONTINUO_EMBEDDING_MODEL's; undefined without one. Throws CONFIG_INVALID; calls nobody. */
export function embeddingsFromConfig(config: EmbeddingsConfig): Embeddings | undefined {
  const { embeddingModel, modelTimeoutMs: timeoutMs } = config;
  if (embeddingModel === undefined) return undefined;
  const { provider, id } = providerFor(embeddingModel, config);
  const model = provider.embeddingModel?.(id);
  if (model !== undefined) return embeddingsOf(model, timeoutMs);
  throw new ContinuoError('CONFIG_INVALID', `The provider of CONTINUO_EMBEDDING_MODEL (${embeddingModel}) has none.`);
}

/** `timeoutMs`: that all the texts of one call may take. */
function embeddingsOf(model: EmbeddingModelV3, timeoutMs: number): Embeddings {
  const name = nameOfModel(model);
  return {
    model: name,
    embed: async (texts, signal) => {
      if (texts.length === 0) return { vectors: [], tokens: 0 };
      await mayAsk();
      const timeout = AbortSignal.timeout(timeoutMs);
      const abortSignal = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
      try {
        const { embedMany } = await import('ai');
        const values = texts.map(wellFormed);
        const { embeddings, usage } = await embedMany({ model, values, maxRetries: 0, abortSignal });
        const tokens = counted(usage.tokens);
        noteSpent(model, tokens === undefined ? {} : { inputTokens: tokens });
        return { vectors: checked(embeddings, texts.length, name), tokens };
      } catch (error) {
        signal?.throwIfAborted();
        if (timeout.aborted) {
          throw new ModelUnavailableError(`The embedding model ${name} did not answer within ${timeoutMs} ms.`);
        }
        throw toModelError(error, model);
      }
    },
  };
}

/** A provider that answers with fewer vectors, or with none of numbers, would have texts found under others' meanings. */
function checked(vectors: readonly (readonly number[])[], count: number, name: string): Embedded['vectors'] {
  const length = vectors[0]?.length ?? 0;
  const fits = (vector: readonly number[]): boolean => vector.length === length && vector.every(Number.isFinite);
  if (vectors.length === count && length > 0 && vectors.every(fits)) return vectors;
  throw new ModelUnavailableError(`The embedding model ${name} gave no vector for some of ${count} texts.`);
}

function counted(tokens: number): number | undefined {
  return Number.isFinite(tokens) ? tokens : undefined;
}
