/** Texts as vectors, by the embedding model that the configuration names. */
import type { EmbeddingModelV3 } from '@ai-sdk/provider';
import type { Embedded, Embeddings } from '@continuo/agent/internal/agents/models/embeddings.js';
import { nameOfModel } from '@continuo/agent/internal/agents/models/language-model.js';
import { ModelUnavailableError, toModelError } from '@continuo/agent/internal/agents/models/model-errors.js';
import { mayAsk, noteSpent } from '@continuo/agent/internal/agents/models/spent.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { wellFormed } from '@continuo/agent/internal/platform/text.js';
import type { Config } from '../../platform/config.js';
import { providerFor, type ProviderConfig } from './model-providers.js';
import { tracedEmbedding } from './traced-embedding.js';

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
      return tracedEmbedding(model, signal, async () => {
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
      });
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
