/** The language model that the configuration names. */
import { entriesOf } from '../../platform/variable-kinds.js';
import { withFallbacks } from './fallbacks.js';
import type { LanguageModel } from './language-model.js';
import { providerFor, type ProviderConfig } from './model-providers.js';
import { offlineModel } from './offline-model.js';

/** CONTINUO_MODEL's models, or others of that form; the offline model without one. Throws CONFIG_INVALID; calls nobody. */
export function modelFromConfig(config: ProviderConfig, models = config.model): LanguageModel {
  const [first, ...others] = entriesOf(models ?? '').map((model) => {
    const { provider, id } = providerFor(model, config);
    return provider.languageModel(id);
  });
  return first === undefined ? offlineModel : withFallbacks(first, ...others);
}
