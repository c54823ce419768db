/** Models that want an answer between the result of a tool and the next user: Google's, Mistral's, and those that have said so. */
import type { LanguageModel } from './language-model.js';

const byName = /mistral|mixtral|ministral|magistral|devstral|codestral|pixtral|voxtral/i;
const learned = new WeakSet<LanguageModel>();

export function isBridged(model: LanguageModel): boolean {
  return model.provider.startsWith('google') || byName.test(model.modelId) || learned.has(model);
}

/** Whether this refusal says it, and nobody had said it before. */
export function learnsBridge(model: LanguageModel, refusal: string): boolean {
  if (isBridged(model) || !/\broles?\b/i.test(refusal)) return false;
  learned.add(model);
  return true;
}
