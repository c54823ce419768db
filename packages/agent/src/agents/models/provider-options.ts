/** What a provider is told beside the prompt: the options of the configuration, and over them those of the agent. */
import type { ModelOptions } from '../../platform/model-options.js';
import { nameOfModel, providerOfModel, type LanguageModel } from './language-model.js';

/** Sessions are the server's: OpenAI need not keep what it is sent, and gives its reasoning back sealed. */
const usual: ModelOptions = { openai: { store: false } };

/** For `model`: those of its provider, and over them those of the model itself; the later ones first. */
export function providerOptionsFor(
  model: LanguageModel,
  ...given: readonly (ModelOptions | undefined)[]
): ModelOptions {
  const [provider, name] = [providerOfModel(model), nameOfModel(model)];
  const all = [usual, ...given].filter((options) => options !== undefined);
  const others = all.flatMap((options) => Object.entries(options).filter(([key]) => !key.includes('/')));
  const own = all.flatMap((options) => [options[provider], options[name]].filter((some) => some !== undefined));
  const merged = Object.assign({}, ...own) as ModelOptions[string];
  return { ...Object.fromEntries(others), ...(Object.keys(merged).length === 0 ? {} : { [provider]: merged }) };
}
