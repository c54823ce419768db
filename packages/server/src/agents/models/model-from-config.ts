/** The language model that the configuration names. */
import { withFallbacks } from '@continuo/agent/internal/agents/models/fallbacks.js';
import type { LanguageModel } from '@continuo/agent/internal/agents/models/language-model.js';
import { offlineModel } from '@continuo/agent/internal/agents/models/offline-model.js';
import { entriesOf } from '../../platform/variable-kinds.js';
import { providerFor, type ProviderConfig } from './model-providers.js';

/** CONTINUO_MODEL's models, or others of that form; the offline model without one. Throws CONFIG_INVALID; calls nobody. */
export function modelFromConfig(config: ProviderConfig, models = config.model): LanguageModel {
  const [first, ...others] = entriesOf(models ?? '').map((model) => {
    const { provider, id } = providerFor(model, config);
    return provider.languageModel(id);
  });
  return first === undefined ? offlineModel : withFallbacks(first, ...others);
}
