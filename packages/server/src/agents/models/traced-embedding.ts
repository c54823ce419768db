/** A call of an embedding model as a span, by OpenTelemetry's GenAI conventions: these have no place for what is embedded. */
import type { Embedded } from '@continuo/agent/internal/agents/models/embeddings.js';
import type { LanguageModel } from '@continuo/agent/internal/agents/models/language-model.js';
import { providerInTraces } from '@continuo/agent/internal/agents/models/traced-call.js';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';

/** `signal`: that of whoever asks, which breaks the call off. */
export function tracedEmbedding(
  model: Pick<LanguageModel, 'provider' | 'modelId'>,
  signal: AbortSignal | undefined,
  embed: () => Promise<Embedded>,
): Promise<Embedded> {
  const traces = tracing();
  if (traces === undefined) return embed();
  const attributes = {
    'gen_ai.operation.name': 'embeddings',
    'gen_ai.provider.name': providerInTraces(model),
    'gen_ai.request.model': model.modelId,
  };
  return traces.inSpan({ name: `embeddings ${model.modelId}`, kind: 'client', attributes, signal }, async (span) => {
    const embedded = await embed();
    span.set({
      'gen_ai.usage.input_tokens': embedded.tokens,
      'gen_ai.embeddings.dimension.count': embedded.vectors[0]?.length,
    });
    return embedded;
  });
}
