/** Counts calls of language models, with what they took. */
import type { ModelCall } from '@continuo/agent/internal/runs/usage/model-call.js';
import { dollars } from '@continuo/agent/internal/tasks/usage.js';
import type { Metrics } from '../../platform/metrics/metrics.js';

export function countCalls({ record }: Metrics, calls: readonly ModelCall[]): void {
  for (const call of calls) {
    const { agent, model } = call;
    record.modelCalls({ agent, model });
    const tokens = {
      input: call.input_tokens,
      output: call.output_tokens,
      cached: call.cached_input_tokens,
      reasoning: call.reasoning_tokens,
    };
    for (const [type, count] of Object.entries(tokens))
      if (count > 0) record.modelTokens({ agent, model, type }, count);
    if (call.cost_nanos !== null) record.modelCost({ agent, model }, dollars(call.cost_nanos));
  }
}
